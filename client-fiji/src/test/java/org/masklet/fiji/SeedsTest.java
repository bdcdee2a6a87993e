package org.masklet.fiji;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.PointRoi;
import java.util.List;
import org.junit.Test;
import org.masklet.wire.Fault;

public class SeedsTest {
    private static void refuses(String code, String text, ImagePlus image) throws Exception {
        try {
            Seeds.parse(text, image);
        } catch (Fault fault) {
            assertEquals(text, code, fault.code());
            return;
        }
        fail(text + " was taken");
    }

    @Test
    public void pointsAreWrittenSoThatTheRecordedTextSaysTheSame() throws Exception {
        ImagePlus image = IJ.createImage("stack", "8-bit black", 40, 30, 9);
        image.setPosition(1, 3, 1);
        PointRoi points = new PointRoi(4.3f, 5.9f);
        points.addPoint(20, 10);
        image.setRoi(points);
        String text = Seeds.write(Seeds.parse("selection", image));
        assertEquals("4.5,5.5,3;20.5,10.5,3", text);
        List<double[]> read = Seeds.parse(text, image);
        assertArrayEquals(new double[] {4.5, 5.5, 2}, read.get(0), 0);
        assertArrayEquals(new double[] {20.5, 10.5, 2}, read.get(1), 0);
    }

    @Test
    public void aPointKeepsTheSliceItWasMadeOn() throws Exception {
        ImagePlus image = IJ.createImage("stack", "8-bit black", 40, 30, 9);
        PointRoi points = new PointRoi(4, 5);
        points.setPosition(2);
        image.setSlice(2);
        points.setCounter(0);
        points.addPoint(image, 10, 11);
        image.setSlice(6);
        points.addPoint(image, 20, 21);
        image.setRoi(points);
        List<double[]> seeds = Seeds.of(image);
        assertEquals(1, seeds.get(1)[2], 0);
        assertEquals(5, seeds.get(2)[2], 0);
    }

    @Test
    public void whatIsNoSeedIsRefused() throws Exception {
        ImagePlus image = IJ.createImage("stack", "8-bit black", 40, 30, 9);
        assertNull(Seeds.parse(" auto ", image));
        refuses("no_selection", "selection", image);
        refuses("seeds_invalid", "1,2", image);
        refuses("seeds_invalid", "1,2,3", image);
        refuses("prompt_off_image", "1,2,3;1,2,10", image);
        refuses("prompt_off_image", "1,2,0;1,2,3", image);
        refuses("prompt_off_image", "41,2,1;1,2,3", image);
    }
}
