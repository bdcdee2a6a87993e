package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import org.junit.Test;
import org.masklet.wire.Fault;

public class SentPlanesTest {
    @Test
    public void anEditOfASentPlaneIsToldUntilItIsUndone() throws Fault {
        ImagePlus image = IJ.createImage("stack", "16-bit black", 6, 4, 5);
        new StackPlanes(image).plane(0, 0, 2);
        edit(image, 2, 9); // not sent
        SentPlanes.of(image).check(image);
        edit(image, 3, 9);
        for (int again = 0; again < 2; again++) {
            try {
                SentPlanes.of(image).check(image);
                fail("the edit went unnoticed");
            } catch (Fault fault) {
                assertEquals("volume_changed", fault.code());
                assertEquals("\"stack\" was edited after its pixels were sent (slice 3).", fault.getMessage());
            }
        }
        edit(image, 3, 0);
        SentPlanes.of(image).check(image);
    }

    @Test
    public void anotherFormIsAnotherImageOfWhichNothingWasSent() throws Fault {
        ImagePlus image = IJ.createImage("stack", "16-bit ramp", 6, 4, 5);
        String before = ImageFacts.identity(image);
        new StackPlanes(image).plane(0, 0, 0);
        image.setStack(image.getStack().crop(1, 1, 0, 4, 2, 5));
        assertNotEquals(before, ImageFacts.identity(image));
        SentPlanes.touch(image);
        SentPlanes.of(image).check(image);
    }

    private static void edit(ImagePlus image, int slice, int value) {
        image.getStack().getProcessor(slice).set(0, 0, value);
        SentPlanes.touch(image); // as ImageJ's listener does
    }
}
