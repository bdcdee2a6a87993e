package org.masklet.fiji;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import java.io.File;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

public class ImageFactsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aStackIsDeclaredWithItsShapeAndMicrometres() throws Fault {
        ImagePlus image = IJ.createHyperStack("four.tif", 7, 5, 2, 3, 4, 16);
        image.getCalibration().setUnit("nm");
        image.getCalibration().pixelWidth = 500;
        image.getCalibration().pixelHeight = 250;
        image.getCalibration().pixelDepth = 1000;
        image.setDisplayRange(10, 900);
        Frame declared = ImageFacts.declaration(image);
        assertEquals("{t=4, c=2, z=3, y=5, x=7}", declared.map("shape").members().toString());
        assertEquals("uint16", declared.text("dtype"));
        assertEquals("{z=1.0, y=0.25, x=0.5}", declared.map("spacing").members().toString());
        assertEquals("[10.0, 900.0]", declared.list("displayRange").toString());
    }

    @Test
    public void withoutALengthThereIsNoSpacing() {
        assertFalse(ImageFacts.declaration(IJ.createImage("plain", "8-bit black", 4, 3, 2)).has("spacing"));
        assertEquals(1, ImageFacts.micrometres("\u00b5m"), 0);
        assertEquals(1e3, ImageFacts.micrometres("mm"), 0);
        assertEquals(0, ImageFacts.micrometres("pixel"), 0);
    }

    @Test
    public void anIdentityIsTheFileWhileUnchangedAndElseAnIdOfItsOwn() throws Exception {
        File file = folder.newFile("stack.tif");
        ImagePlus image = IJ.createImage("stack.tif", "8-bit ramp", 6, 4, 3);
        IJ.saveAsTiff(image, file.getPath());
        String first = ImageFacts.identity(IJ.openImage(file.getPath()));
        assertTrue(first, first.startsWith(file.getPath() + "|"));
        assertEquals(first, ImageFacts.identity(IJ.openImage(file.getPath())));
        ImagePlus edited = IJ.openImage(file.getPath());
        edited.changes = true;
        assertTrue(ImageFacts.identity(edited).startsWith("image|"));
        assertEquals("it stays", ImageFacts.identity(edited), ImageFacts.identity(edited));
        assertNotEquals("a copy is another image", ImageFacts.identity(edited), ImageFacts.identity(edited.duplicate()));
    }

    @Test
    public void planesAreLittleEndianInTheOrderOfTheStack() throws Fault {
        ImagePlus image = IJ.createHyperStack("order", 2, 1, 2, 3, 4, 16);
        for (int i = 1; i <= 24; i++) image.getStack().getProcessor(i).set(0, 0, 0x0100 + i);
        StackPlanes planes = new StackPlanes(image);
        int index = image.getStackIndex(2, 3, 4);
        assertArrayEquals(new byte[] {(byte) index, 1, 0, 0}, planes.plane(3, 1, 2));
        ImagePlus rgb = IJ.createImage("colour", "RGB black", 2, 1, 2);
        rgb.getStack().getProcessor(2).set(1, 0, 0x0a0b0c);
        assertArrayEquals(new byte[] {0, 0x0b}, new StackPlanes(rgb).plane(0, 1, 1));
        ImagePlus real = IJ.createImage("real", "32-bit black", 1, 1, 1);
        real.getProcessor().setf(0, 0, 1.5f);
        assertArrayEquals(new byte[] {0, 0, (byte) 0xc0, 0x3f}, new StackPlanes(real).plane(0, 0, 0));
    }

    @Test
    public void aClosedImageIsSaid() throws Fault {
        ImagePlus image = IJ.createImage("gone", "8-bit ramp", 6, 4, 3);
        StackPlanes planes = new StackPlanes(image);
        image.flush();
        try {
            fail("read " + planes.plane(0, 0, 1).length);
        } catch (Fault fault) {
            assertEquals("image_closed", fault.code());
        }
    }
}
