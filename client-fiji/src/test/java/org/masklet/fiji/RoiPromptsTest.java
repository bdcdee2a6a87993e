package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.PointRoi;
import ij.gui.Roi;
import java.util.List;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

public class RoiPromptsTest {
    private final ImagePlus stack = IJ.createImage("stack", "8-bit black", 40, 30, 9);

    private static Roi roi(String name, int position, int x, int y) {
        Roi roi = new Roi(x, y, 6, 5);
        roi.setName(name);
        roi.setPosition(position);
        return roi;
    }

    private static String said(ImagePlus image, String how, int first, Roi... rois) throws Fault {
        StringBuilder all = new StringBuilder();
        for (Frame object : RoiPrompts.of(image, rois, how, first).frames()) {
            all.append(object.integer("objectId")).append(':');
            for (Frame prompt : object.maps("prompts")) {
                Frame cut = prompt.map("cut");
                all.append(" z").append(cut.integer("index")).append(" t").append(cut.integer("t")).append(" c").append(cut.integer("c"));
                for (String part : new String[] {"box", "points", "polygon", "mask"}) if (prompt.has(part)) all.append(' ').append(part);
            }
            all.append('|');
        }
        return all.toString();
    }

    @Test
    public void eachEntryIsAnObjectOnItsOwnSlice() throws Fault {
        stack.setPosition(1, 4, 1);
        assertEquals("5: z1 t0 c0 box|6: z6 t0 c0 box|7: z3 t0 c0 box|", said(stack, "each", 5, roi("a", 2, 1, 1), roi("a", 7, 9, 9), roi("b", 0, 1, 1)));
    }

    /** ImageJ keeps the slice of what is added to the manager in the name alone. */
    @Test
    public void theNameTellsTheSliceWhereNothingElseDoes() throws Fault {
        assertEquals("1: z2 t0 c0 box|2: z1 t0 c0 box|", said(stack, "each", 1, roi("0003-0016-0012", 0, 1, 1), roi("0003-0016-0012", 2, 1, 1)));
    }

    @Test
    public void entriesOfOneNameAreOneObjectAndNumbersAreIds() throws Fault {
        Roi ours = roi("whatever", 3, 1, 1);
        ours.setProperty("masklet.object", "300");
        assertEquals("301: z1 t0 c0 box z6 t0 c0 box|7: z1 t0 c0 box|12: z2 t0 c0 box|300: z2 t0 c0 box|302: z0 t0 c0 box|",
            said(stack, "by_name", 1, roi("a", 2, 1, 1), roi("a", 7, 1, 1), roi("7", 2, 9, 9), roi("obj0012-z0003-t0001", 3, 1, 1), ours, roi("0003-0012-0015", 1, 1, 1)));
    }

    @Test
    public void areasOfOneObjectOnOneSliceAreJoined() throws Fault {
        List<Frame> objects = RoiPrompts.of(stack, new Roi[] {roi("a", 2, 1, 1), roi("b", 2, 20, 1)}, "single", 4).frames();
        assertEquals(1, objects.size());
        Frame prompt = objects.get(0).maps("prompts").get(0);
        assertTrue(prompt.has("mask"));
        assertEquals("[1, 1, 26, 6]", prompt.map("mask").list("box").toString());
    }

    @Test
    public void positionsOfHyperstacksAndOfSinglePoints() throws Fault {
        ImagePlus hyper = IJ.createHyperStack("hyper", 40, 30, 2, 3, 4, 8);
        hyper.setPosition(2, 1, 1);
        Roi placed = roi("a", 0, 1, 1);
        placed.setPosition(0, 3, 2);
        Roi channel = roi("b", 0, 1, 1);
        channel.setPosition(1, 2, 4);
        assertEquals("1: z2 t1 c1 box|2: z1 t3 c0 box|", said(hyper, "each", 1, placed, channel));
        PointRoi points = new PointRoi();
        stack.setSlice(2);
        points.addPoint(stack, 3, 4);
        stack.setSlice(5);
        points.addPoint(stack, 7, 8);
        points.setName("p");
        assertEquals("1: z1 t0 c0 points z4 t0 c0 points|", said(stack, "each", 1, points));
    }

    @Test
    public void anEntryThatCannotBeAPromptIsNamed() {
        Roi line = new Line(1, 1, 9, 9);
        line.setName("edge");
        for (Roi wrong : new Roi[] {line, roi("edge", 1, 90, 90), roi("edge", 10, 1, 1)}) {
            try {
                fail(said(stack, "each", 1, wrong));
            } catch (Fault fault) {
                assertTrue(fault.getMessage(), fault.getMessage().contains("edge"));
            }
        }
    }

    @Test
    public void aThousandAreNothing() throws Fault {
        Roi[] rois = new Roi[1000];
        for (int i = 0; i < rois.length; i++) rois[i] = roi("r" + i, 1 + i % 9, i % 30, i % 20);
        assertEquals(1000, RoiPrompts.of(stack, rois, "each", 1).ids().size());
    }
}
