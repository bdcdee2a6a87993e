package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import java.util.Arrays;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.MaskBits;

public class SelectionPromptTest {
    private static Frame parts(Roi roi, String kind, boolean positive) throws Fault {
        ImagePlus image = IJ.createImage("plane", "8-bit black", 30, 20, 1);
        if (roi != null) image.setRoi(roi);
        return SelectionPrompt.parts(image, kind, positive);
    }

    private static String auto(Roi roi) throws Fault {
        return parts(roi, "auto", true).members().toString();
    }

    private static void assertFault(String code, Roi roi, String kind, boolean positive) {
        try {
            fail(kind + " gave " + parts(roi, kind, positive).members());
        } catch (Fault fault) {
            assertEquals(code, fault.code());
        }
    }

    @Test
    public void aRectangleIsABoxOfItsCornersCutAtTheEdge() throws Fault {
        assertEquals("{box=[3.0, 4.0, 10.0, 9.0]}", auto(new Roi(3, 4, 7, 5)));
        assertEquals("{box=[1.5, 2.5, 4.5, 5.5]}", auto(new Roi(1.5, 2.5, 3.0, 3.0)));
        assertEquals("{box=[0.0, 15.0, 5.0, 20.0]}", auto(new Roi(-5, 15, 10, 10)));
    }

    /** Wherever a person clicks inside pixel (3, 4), the prompt is its centre. */
    @Test
    public void pointsGoAsTheCentreOfTheirPixel() throws Fault {
        PointRoi clicked = new PointRoi(3.0, 4.0);
        clicked.addPoint(3.99, 4.6);
        assertEquals("{points=[[3.5, 4.5, 1], [3.5, 4.5, 1]]}", auto(clicked));
        assertEquals("{points=[[7.5, 8.5, 0]]}", parts(new PointRoi(7, 8), "points", false).members().toString());
    }

    @Test
    public void anOutlineIsAPolygonAndACompositeIsAMask() throws Fault {
        assertEquals("{polygon=[[1.0, 1.0], [9.0, 1.0], [9.0, 7.0]]}", auto(new PolygonRoi(new float[] {1, 9, 9}, new float[] {1, 1, 7}, Roi.POLYGON)));
        assertEquals(true, parts(new OvalRoi(2, 2, 9, 7), "auto", true).has("polygon"));
        ShapeRoi ring = new ShapeRoi(new Roi(2, 3, 6, 5)).not(new ShapeRoi(new Roi(4, 4, 2, 2)));
        Frame mask = parts(ring, "auto", true).map("mask");
        assertEquals(6 * 5 - 2 * 2, new MaskBits(mask.integers("box"), mask.binary("bits")).area());
        assertEquals("[2, 3, 8, 8]", Arrays.toString(mask.integers("box")));
        assertEquals("[3, 4, 10, 9]", Arrays.toString(parts(new Roi(3, 4, 7, 5), "mask", true).map("mask").integers("box")));
    }

    @Test
    public void whatCannotBeAPromptIsSaid() {
        assertFault("no_selection", null, "auto", true);
        assertFault("selection_unsupported", new Line(1, 1, 9, 9), "auto", true);
        assertFault("polarity_unsupported", new Roi(1, 1, 4, 4), "auto", false);
        assertFault("prompt_off_image", new Roi(40, 4, 7, 5), "auto", true);
        assertFault("prompt_off_image", new PointRoi(30, 4), "auto", true);
        assertFault("selection_unsupported", new PointRoi(3, 4), "mask", true);
        assertFault("selection_unsupported", new Roi(1, 1, 4, 4), "points", true);
    }
}
