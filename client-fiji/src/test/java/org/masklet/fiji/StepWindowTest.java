package org.masklet.fiji;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import ij.process.ImageProcessor;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

public class StepWindowTest {
    private static Frame plane(String kind, String dtype, byte... data) {
        return Frame.empty().with("step", "distance").with("kind", kind).with("width", 2).with("height", 1).with("dtype", dtype).with("data", data);
    }

    @Test
    public void aMaskIs8BitAndTheRestIs32Bit() throws Exception {
        assertArrayEquals(new byte[] {0, 1}, (byte[]) StepWindow.pixels(plane("mask", "uint8", (byte) 0, (byte) 1)).getPixels());
        ImageProcessor map = StepWindow.pixels(plane("map", "float32", (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0xc0, (byte) 0x3f));
        assertArrayEquals(new float[] {0, 1.5f}, (float[]) map.getPixels(), 0);
    }

    @Test
    public void labelsHaveTheColoursOfTheObjects() throws Exception {
        ImageProcessor labels = StepWindow.pixels(plane("labels", "float32", new byte[8]));
        assertTrue(labels.isColorLut());
        assertEquals(ObjectColors.of(1).getRGB(), labels.getColorModel().getRGB(1));
    }

    @Test
    public void aPlaneOfAnotherSizeIsRefused() throws Exception {
        try {
            StepWindow.pixels(plane("map", "float32", new byte[7]));
        } catch (Fault fault) {
            assertEquals("frame_invalid", fault.code());
            return;
        }
        fail("seven bytes were taken for two values");
    }
}
