package org.masklet.wire;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The frames that both languages must write byte for byte: fixtures/protocol/frames.json. */
public class GoldenFramesTest {
    private static List<Frame> golden() throws Exception {
        Path file = Paths.get(System.getProperty("masklet.fixtures", "../fixtures/protocol"), "frames.json");
        List<Frame> frames = new ArrayList<>();
        for (Object each : (List<?>) Json.read(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))) frames.add(Frame.of(each, "a golden frame"));
        assertTrue("the golden file has frames", frames.size() >= 20);
        return frames;
    }

    /** {"$bin": base64} becomes bytes. */
    private static Object binaries(Object value) {
        if (value instanceof Map) {
            Map<?, ?> members = (Map<?, ?>) value;
            if (members.containsKey("$bin")) return Base64.getDecoder().decode((String) members.get("$bin"));
            Map<String, Object> made = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : members.entrySet()) made.put((String) member.getKey(), binaries(member.getValue()));
            return made;
        }
        if (!(value instanceof List)) return value;
        List<Object> made = new ArrayList<>();
        for (Object each : (List<?>) value) made.add(binaries(each));
        return made;
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) text.append(String.format("%02x", each));
        return text.toString();
    }

    private static byte[] bytes(String hex) {
        byte[] made = new byte[hex.length() / 2];
        for (int i = 0; i < made.length; i++) made[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return made;
    }

    private static void assertSame(String where, Object expected, Object found) {
        if (expected instanceof Map) {
            assertEquals(where, ((Map<?, ?>) expected).keySet().toString(), ((Map<?, ?>) found).keySet().toString());
            for (Map.Entry<?, ?> each : ((Map<?, ?>) expected).entrySet()) assertSame(where + "." + each.getKey(), each.getValue(), ((Map<?, ?>) found).get(each.getKey()));
        } else if (expected instanceof List) {
            assertEquals(where, ((List<?>) expected).size(), ((List<?>) found).size());
            for (int i = 0; i < ((List<?>) expected).size(); i++) assertSame(where + "[" + i + "]", ((List<?>) expected).get(i), ((List<?>) found).get(i));
        } else if (expected instanceof byte[]) assertArrayEquals(where, (byte[]) expected, (byte[]) found);
        else if (expected instanceof Number) assertEquals(where, ((Number) expected).doubleValue(), ((Number) found).doubleValue(), 0);
        else assertEquals(where, expected, found);
    }

    @Test
    public void everyGoldenFrameIsWrittenAndReadBack() throws Exception {
        for (Frame each : golden()) {
            Object message = binaries(each.map("message").members());
            assertEquals(each.text("name"), each.text("hex"), hex(MessagePackWriter.write(message)));
            assertSame(each.text("name"), message, MessagePackReader.read(bytes(each.text("hex"))));
        }
    }

    /** The builders put members in the schema's order: what they make from a golden message's values is that message. */
    @Test
    public void theBuildersWriteTheGoldenFrames() throws Exception {
        Map<String, Frame> byName = new LinkedHashMap<>();
        for (Frame each : golden()) byName.put(each.text("name"), each);
        assertGolden(byName, "hello", Messages.hello("Fiji"));
        Frame volume = message(byName, "volume.open").map("volume");
        Frame shape = volume.map("shape");
        Frame spacing = volume.map("spacing");
        int[] tczyx = {shape.integer("t"), shape.integer("c"), shape.integer("z"), shape.integer("y"), shape.integer("x")};
        double[] zyx = {spacing.number("z"), spacing.number("y"), spacing.number("x")};
        List<Double> range = Arrays.asList(((Number) volume.list("displayRange").get(0)).doubleValue(), ((Number) volume.list("displayRange").get(1)).doubleValue());
        assertGolden(byName, "volume.open", Messages.volumeOpen(
            Messages.declaration(volume.text("name"), tczyx, volume.text("dtype"), (Boolean) volume.members().get("rgb"), zyx, range, volume.text("identity"))));
        Frame put = message(byName, "slice.put");
        Frame plane = put.map("plane");
        assertGolden(byName, "slice.put", Messages.slicePut(put.text("volumeId"), plane.integer("t"), plane.integer("c"), plane.integer("z"), put.binary("data")));
        for (String kind : Arrays.asList("box", "points", "polygon", "mask")) {
            Frame set = message(byName, "prompt.set " + kind);
            assertOrder(set, Messages.promptSet(set.text("sessionId"), set.integer("objectId"), set.map("cut"), set,
                (Boolean) set.members().get("add"), (Boolean) set.members().get("preview"), set.has("baseSeq") ? set.integer("baseSeq") : null, "auto"));
        }
        Frame propagate = message(byName, "propagate");
        assertOrder(propagate, Messages.propagate(propagate.text("sessionId"), Collections.singletonList(1), "z", new int[] {0, 9}, "both", true, "auto"));
    }

    @Test
    public void theBuilderOfPromptsPutWritesTheGoldenFrame() throws Exception {
        Map<String, Frame> byName = new LinkedHashMap<>();
        for (Frame each : golden()) byName.put(each.text("name"), each);
        Frame put = message(byName, "prompts.put");
        List<Frame> objects = new ArrayList<>();
        for (Frame object : put.maps("objects")) {
            List<Frame> prompts = new ArrayList<>();
            for (Frame prompt : object.maps("prompts")) {
                Frame cut = prompt.map("cut");
                prompts.add(Messages.prompt(Messages.cut(cut.integer("index"), cut.integer("t"), cut.integer("c")), prompt));
            }
            objects.add(Messages.prompted(object.integer("objectId"), prompts));
        }
        assertGolden(byName, "prompts.put", Messages.promptsPut(put.text("sessionId"), objects, true, "auto"));
    }

    @Test
    public void theBuildersOfAutomaskCombineAndSplitWriteTheGoldenFrames() throws Exception {
        Map<String, Frame> byName = new LinkedHashMap<>();
        for (Frame each : golden()) byName.put(each.text("name"), each);
        String session = message(byName, "automask").text("sessionId");
        int[] region = {16, 8, 176, 168};
        int[] range = {4, 61};
        assertGolden(byName, "automask", Messages.automask(session, Messages.cut(12, 0, 0), region, Messages.grid(16, 0.75, null, null, null, 20, 0.25), "auto"));
        assertGolden(byName, "automask.stack", Messages.automaskStack(session, "z", range, 0, 0, 8, 0.5, region, Messages.grid(32, null, 0.9, 0.5, true, null, null), "mobile-sam"));
        assertGolden(byName, "combine directions", Messages.combineDirections(session, Arrays.asList(7, 300), Arrays.asList("z", "y", "x"), 2, range, "auto"));
        assertGolden(byName, "combine union", Messages.union(session, Arrays.asList(7, 300)));
        assertGolden(byName, "split", Messages.split(session, 7, 0, null, 0.75, 3));
        assertGolden(byName, "split by seeds", Messages.split(session, 7, null, Arrays.asList(new double[] {104, 40.5, 12}, new double[] {130.25, 62, 14}), null, null));
    }

    @Test
    public void theBuildersOfClassicalRunWriteTheGoldenFrames() throws Exception {
        Map<String, Frame> byName = new LinkedHashMap<>();
        for (Frame each : golden()) byName.put(each.text("name"), each);
        String session = message(byName, "classical.run").text("sessionId");
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("threshold.low", 2.5);
        set.put("clean.minVolume", 100);
        set.put("threshold.method", "robust");
        set.put("ring.on", false);
        Frame region = Messages.region(new int[] {4, 61}, null, new int[] {16, 176});
        assertGolden(byName, "classical.run", Messages.classicalRun(session, "fds", set, region, 0, 0, Arrays.asList(7, 300), null, "mask", null));
        Frame own = Frame.ofJson("{\"name\": \"mine\", \"steps\": [{\"step\": \"median\", \"radius\": 1},"
            + " {\"step\": \"threshold\", \"id\": \"cut\", \"method\": \"fixed\", \"low\": 70000.5}, {\"step\": \"label\"}]}");
        assertGolden(byName, "classical.run by a recipe of one's own", Messages.classicalRun(session, own, null, Messages.region(null, null, null), null, null, null, Arrays.asList(7), null, null));
        assertGolden(byName, "classical.run preview", Messages.classicalRun(session, "fds-base", Collections.<String, Object>emptyMap(), null, null, null, null, null, null, Messages.look(12, "distance")));
        assertGolden(byName, "recipes.list", Messages.recipesList());
    }

    @Test
    public void theBuildersOfMeasureAndEvaluateWriteTheGoldenFrames() throws Exception {
        Map<String, Frame> byName = new LinkedHashMap<>();
        for (Frame each : golden()) byName.put(each.text("name"), each);
        String session = message(byName, "measure").text("sessionId");
        String truth = message(byName, "evaluate").text("truth");
        Frame other = message(byName, "evaluate a label image");
        assertGolden(byName, "measure", Messages.measure(session, Arrays.asList(7, 300), "nearest", true, 0, 0, Arrays.asList("measurements.csv", "clusters.csv", "report.html")));
        assertGolden(byName, "evaluate", Messages.evaluate(session, truth, Arrays.asList(7), "highest-score", true, 0, Arrays.asList("objects.csv", "report.html")));
        assertGolden(byName, "evaluate a label image",
            Messages.evaluateLabels(truth, other.text("prediction"), other.text("image"), null, 0, Arrays.asList(1.0, 1.0, 1.0), Arrays.asList("evaluation.json")));
    }

    private static Frame message(Map<String, Frame> byName, String name) throws Fault {
        return Frame.of(binaries(byName.get(name).map("message").members()), name);
    }

    private static void assertGolden(Map<String, Frame> byName, String name, Frame built) throws Fault {
        if (built.has("id")) built.with("id", message(byName, name).id());
        assertEquals(name, byName.get(name).text("hex"), hex(built.encode()));
    }

    /** Members that both have come in the same order. */
    private static void assertOrder(Frame golden, Frame built) {
        List<String> expected = new ArrayList<>(golden.members().keySet());
        List<String> found = new ArrayList<>(built.members().keySet());
        expected.retainAll(found);
        found.retainAll(expected);
        assertTrue(found.size() >= 4);
        assertEquals(expected, found);
    }
}
