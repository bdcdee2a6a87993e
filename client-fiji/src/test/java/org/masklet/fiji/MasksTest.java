package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.awt.Color;
import java.util.Arrays;
import java.util.Random;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.MaskBits;

public class MasksTest {
    private static Mask mask(int objectId, String axis, int index, double score, int u0, int v0, int width, int height) throws Fault {
        byte[] all = new byte[width * height];
        Arrays.fill(all, (byte) 1);
        Frame bits = MaskBits.pack(all, u0, v0, width, height).toFrame();
        return Mask.of(Frame.empty().with("objectId", objectId).with("axis", axis).with("index", index).with("t", 0)
            .with("box", bits.list("box")).with("bits", bits.binary("bits")).with("score", score).with("area", all.length));
    }

    /** Seeded noise has holes, islands, corners that touch and pixels on every edge of its box. */
    @Test
    public void aRoiKeepsEveryPixelOfItsMask() throws Fault {
        Random random = new Random(7);
        ImagePlus image = IJ.createImage("plane", "8-bit black", 40, 30, 5);
        for (int turn = 0; turn < 20; turn++) {
            int width = 1 + random.nextInt(17);
            int height = 1 + random.nextInt(13);
            byte[] pixels = new byte[width * height];
            for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (random.nextInt(5) < 3 ? 1 : 0);
            pixels[0] = 1;
            MaskBits bits = MaskBits.pack(pixels, 11, 9, width, height);
            Roi roi = MaskRois.of(bits, 4, 3, 1, image);
            for (int y = 0; y < 30; y++) {
                for (int x = 0; x < 40; x++) {
                    boolean inside = x >= 11 && y >= 9 && x < 11 + width && y < 9 + height && pixels[(y - 9) * width + x - 11] != 0;
                    assertEquals("turn " + turn + " at " + x + "," + y, inside, roi.contains(x, y));
                }
            }
        }
    }

    @Test
    public void aRoiHasNameIdColourAndPosition() throws Fault {
        ImagePlus stack = IJ.createImage("stack", "8-bit black", 20, 10, 5);
        Roi roi = MaskRois.of(mask(300, "z", 2, 1, 1, 1, 3, 2), stack);
        assertEquals("obj0300-z0003-t0001", roi.getName());
        assertEquals("300", roi.getProperty("masklet.object"));
        assertEquals(3, roi.getPosition());
        assertEquals(0, roi.getGroup());
        assertEquals(new Color(0, 255, 0), MaskRois.of(mask(1, "z", 0, 1, 1, 1, 3, 2), stack).getStrokeColor());
        assertEquals("255 objects have 255 colours, then they begin again", ObjectColors.of(1), ObjectColors.of(256));
        Roi hyper = MaskRois.of(mask(1, "z", 2, 1, 1, 1, 3, 2), IJ.createHyperStack("hyper", 20, 10, 2, 5, 3, 8));
        assertEquals("0,3,1", hyper.getCPosition() + "," + hyper.getZPosition() + "," + hyper.getTPosition());
        assertNull("ImageJ has no selections on other planes", MaskRois.of(mask(1, "y", 2, 1, 1, 1, 3, 2), stack));
    }

    @Test
    public void theHighestScoreOwnsAnOverlapAndOfEqualOnesTheFirst() throws Fault {
        ImagePlus source = IJ.createImage("clay.tif", "8-bit black", 12, 6, 4);
        ImagePlus labels = LabelImage.of(source, Arrays.asList(mask(5, "z", 1, 0.8, 0, 0, 4, 2), mask(2, "z", 1, 0.9, 2, 0, 4, 2), mask(9, "z", 1, 0.9, 4, 0, 4, 2)));
        ImageProcessor plane = labels.getStack().getProcessor(2);
        assertEquals("5 5 2 2 2 2 9 9 0", plane.get(0, 0) + " " + plane.get(1, 0) + " " + plane.get(2, 0) + " " + plane.get(3, 0) + " " + plane.get(4, 0) + " "
            + plane.get(5, 0) + " " + plane.get(6, 0) + " " + plane.get(7, 0) + " " + plane.get(8, 0));
        assertEquals("clay-labels", labels.getTitle());
        assertEquals(16, labels.getBitDepth());
        assertEquals(32, LabelImage.of(source, Arrays.asList(mask(70_000, "z", 1, 1, 0, 0, 1, 1))).getBitDepth());
    }

    @Test
    public void masksOfOtherPlanesArePaintedWhereTheyLie() throws Fault {
        ImagePlus source = IJ.createImage("stack", "8-bit black", 12, 6, 4);
        ImagePlus labels = LabelImage.of(source, Arrays.asList(mask(1, "y", 5, 1, 10, 2, 2, 1), mask(2, "x", 7, 1, 4, 3, 1, 1)));
        assertEquals(1, labels.getStack().getProcessor(3).get(11, 5));
        assertEquals(2, labels.getStack().getProcessor(4).get(7, 4));
    }

    @Test
    public void objectsAreReadAsPeopleWriteThem() throws Fault {
        assertNull(ObjectIds.parse(" ALL "));
        assertEquals(Arrays.asList(1, 3, 7, 8, 9), ObjectIds.parse("3,1, 7-9"));
        assertEquals(0, ObjectIds.single("next"));
        assertEquals(12, ObjectIds.single(" 12 "));
        for (String wrong : Arrays.asList("0", "a", "1,,2", "5-3", "-4", "99999999", "1-99999999")) {
            try {
                fail(wrong + " gave " + ObjectIds.parse(wrong));
            } catch (Fault fault) {
                assertNotNull(fault.hint());
                assertEquals("objects_invalid", fault.code());
            }
        }
    }
}
