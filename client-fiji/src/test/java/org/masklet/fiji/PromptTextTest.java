package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import ij.IJ;
import ij.ImagePlus;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

public class PromptTextTest {
    private final ImagePlus image = IJ.createHyperStack("stack", 90, 80, 2, 12, 3, 8);

    private String parsed(String text) throws Fault {
        StringBuilder all = new StringBuilder();
        for (Frame object : PromptText.parse(text, image).frames()) all.append(object.members());
        return all.toString();
    }

    @Test
    public void aBoxIsInCornersAndPointsAreThePixelsCentres() throws Fault {
        assertEquals("{objectId=1, prompts=[{cut={axis=z, index=11, t=0, c=0}, box=[10.0, 20.0, 60.0, 80.0]}]}"
            + "{objectId=2, prompts=[{cut={axis=z, index=6, t=0, c=0}, points=[[33.5, 41.5, 1]]}]}", parsed("1:box:z12:10,20,60,80;2:point:z7:33,41,+"));
    }

    @Test
    public void frameChannelAndPolygonMayBeNamed() throws Fault {
        assertEquals("{objectId=3, prompts=[{cut={axis=z, index=0, t=2, c=1}, polygon=[[1.0, 2.0], [9.5, 2.0], [4.0, 7.0]]}]}", parsed(" 3 : polygon : z1t3c2 : 1,2,9.5,2,4,7 ;"));
    }

    /** Points that are said apart count together with the box of their slice. */
    @Test
    public void whatIsSaidOfOneObjectOnOneSliceIsOnePrompt() throws Fault {
        assertEquals("{objectId=1, prompts=[{cut={axis=z, index=1, t=0, c=0}, box=[1.0, 1.0, 9.0, 9.0], points=[[3.5, 4.5, 1], [20.5, 4.5, 0], [5.5, 5.5, 1]]},"
            + " {cut={axis=z, index=4, t=0, c=0}, points=[[5.5, 5.5, 1]]}]}", parsed("1:points:z2:3,4,+,20,4,-;1:box:z2:1,1,9,9;1:point:z2:5.2,5.9,+;1:point:z5:5,5,+"));
    }

    @Test
    public void whatIsNoPromptIsSaid() {
        for (String wrong : new String[] {"1:box:12:1,2,3,4", "1:box:z12:1,2,3", "1:box:z12:9,9,3,4", "next:box:z1:1,2,3,4", "1:circle:z1:3,4,5", "1:point:z1:3,4", "1:polygon:z1:1,2,3,4", "1:point:z1:a,4,+"}) assertFault("prompts_invalid", wrong);
        assertFault("objects_invalid", "x:box:z1:1,2,3,4");
        assertFault("prompt_off_image", "1:point:z13:3,4,+");
        assertFault("prompt_off_image", "1:point:z0:3,4,+");
        assertFault("prompt_off_image", "1:point:z1:90,4,+");
        assertFault("nothing_prompted", " ; ");
    }

    private void assertFault(String code, String text) {
        try {
            fail(text + " gave " + parsed(text));
        } catch (Fault fault) {
            assertEquals(text, code, fault.code());
        }
    }
}
