package org.masklet.fiji;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

public class KnobsTest {
    private static String step(String id, String parameters) {
        return "{\"step\": \"" + id + "\", \"id\": \"" + id + "\", \"title\": \"\", \"parameters\": [" + parameters + "]}";
    }

    private static String number(String name, double value) {
        return "{\"name\": \"" + name + "\", \"type\": \"number\", \"value\": " + value + ", \"about\": \"\"}";
    }

    private static final String RING = step("rings", "{\"name\": \"correct\", \"type\": \"choice\", \"value\": \"auto\", \"choices\": [\"auto\", \"on\", \"off\"], \"about\": \"\"}, " + number("sigma", 3));
    private static final String CUT = step("threshold", number("low", 3) + "," + number("high", 5) + ",{\"name\": \"method\", \"type\": \"choice\", \"value\": \"robust\", \"choices\": [\"robust\", \"off\"], \"about\": \"\"}");
    private static final String SPLIT = step("split", "{\"name\": \"method\", \"type\": \"choice\", \"value\": \"ridge\", \"choices\": [\"auto\", \"ridge\"], \"about\": \"\"}, " + number("h", 0.75) + "," + number("sigma", 1.4));

    private static Recipes recipes() throws Fault {
        return new Recipes(Frame.ofJson("{\"recipes\": [{\"name\": \"fds\", \"title\": \"\", \"steps\": ["
            + RING + "," + CUT + "," + step("drop", number("minVolume", 200)) + "," + step("fill", "{\"name\": \"holes\", \"type\": \"flag\", \"value\": true, \"about\": \"\"}") + "," + SPLIT + "," + step("select", number("minVolume", 100)) + "]},"
            + " {\"name\": \"plain\", \"title\": \"\", \"steps\": [" + step("select", number("minVolume", 50)) + "]}]}"));
    }

    private static Map<String, Object> set(String more, String... knobs) throws Fault {
        Map<String, String> told = new LinkedHashMap<>();
        for (int i = 0; i < knobs.length; i += 2) told.put(knobs[i], knobs[i + 1]);
        return Knobs.set(told, more, recipes().steps("fds"), new ArrayList<String>());
    }

    @Test
    public void aKnobSetsWhatTheRecipeHasOfItAndAnEmptyOneNothing() throws Exception {
        Map<String, Object> set = set("", "low", "2.5", "high", "", "sigma", "2", "minVolume", "40", "split", "recipe", "rings", "off", "polarity", "recipe");
        assertEquals("{threshold.low=2.5, split.sigma=2.0, drop.minVolume=40.0, select.minVolume=40.0, rings.correct=off}", set.toString());
    }

    @Test
    public void aKnobThatTheRecipeHasNotIsSaidToBeUnused() throws Exception {
        List<String> ignored = new ArrayList<>();
        Map<String, String> told = new LinkedHashMap<>();
        told.put("h", "0.5");
        told.put("low", "");
        assertEquals(Collections.emptyMap(), Knobs.set(told, "", recipes().steps("plain"), ignored));
        assertEquals(Arrays.asList("This recipe has no h; 0.5 was not used."), ignored);
    }

    @Test
    public void theFieldsShowTheRecipesValues() throws Exception {
        List<Recipes.Step> steps = recipes().steps("fds");
        assertEquals(Arrays.asList("recipe", "auto", "ridge"), Arrays.asList(Knobs.shown("polarity", steps), Knobs.shown("rings", steps), Knobs.shown("split", steps)));
        assertEquals(Arrays.asList("3", "0.75", ""), Arrays.asList(Knobs.shown("low", steps), Knobs.shown("h", steps), Knobs.shown("rise", steps)));
        assertEquals("two steps disagree", "", Knobs.shown("minVolume", steps));
        assertEquals(Arrays.asList("recipe", "auto", "ridge"), Knobs.items("split", steps));
        assertEquals(Arrays.asList("recipe"), Knobs.items("polarity", steps));
    }

    @Test
    public void setNamesAnyValueAndHoldsBeforeTheKnobs() throws Exception {
        assertEquals("{threshold.low=4.0, threshold.method=off, fill.holes=false, new.thing=dark}", set(" threshold.low=4 threshold.method:off, fill.holes=off new.thing=dark", "low", "2").toString());
        for (String wrong : Arrays.asList("low=3", "threshold.low", "threshold.low=", "threshold.low=many", "fill.holes=2")) {
            try {
                set(wrong);
            } catch (Fault fault) {
                assertEquals(wrong, "options_invalid", fault.code());
                continue;
            }
            fail(wrong + " was taken");
        }
    }

    @Test
    public void aRecipeOfOnesOwnTakesWhatItLeavesOutFromTheServersStepOfThatKind() throws Exception {
        File file = File.createTempFile("recipe", ".json");
        try {
            Files.write(file.toPath(), "{\"name\": \"mine\", \"steps\": [{\"step\": \"threshold\", \"id\": \"cut\", \"low\": 7}, {\"step\": \"split\"}]}".getBytes("UTF-8"));
            List<Recipes.Step> steps = recipes().steps(Recipes.read(file.getPath()));
            assertEquals(Arrays.asList("7", "5", "ridge"), Arrays.asList(Knobs.shown("low", steps), Knobs.shown("high", steps), Knobs.shown("split", steps)));
            assertEquals(Collections.singleton("cut.low"), Knobs.targets("low", steps).keySet());
            Files.write(file.toPath(), "{\"steps\": 3}".getBytes("UTF-8"));
            Recipes.read(file.getPath());
            fail("a file without a recipe was taken");
        } catch (Fault fault) {
            assertEquals("recipe_invalid", fault.code());
        } finally {
            assertTrue(file.delete());
        }
    }

    @Test
    public void aMacrosSetHidesItsKeysFromImageJ() {
        assertEquals("recipe=fds set=[rings.sigma:3 split.h:0.5] minvolume=20 ", ClassicalCommand.readable("recipe=fds set=[rings.sigma=3 split.h=0.5] minVolume=20 "));
        assertEquals("set=split.h:0.5", ClassicalCommand.readable("set=split.h=0.5"));
        assertEquals("low=3 preview", ClassicalCommand.readable("low=3 preview"));
    }
}
