package org.masklet.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The client's messages, members in the order of protocol/openapi.yaml. A null argument is an absent member.
 * Requests are made without their id; LiveClient fills it in.
 */
public final class Messages {
    public static final int PROTOCOL = 1;

    private Messages() {}

    private static Frame request(String t) {
        return Frame.message(t).with("id", 0); // holds the place in the order
    }

    public static Frame hello(String client) {
        return request("hello").with("protocol", PROTOCOL).with("client", client).with("masks", "bits");
    }

    /** @param declaration from {@link #declaration} */
    public static Frame volumeOpen(Frame declaration) {
        return request("volume.open").with("volume", declaration);
    }

    /** @param spacingZyxUm micrometres, null when the image is not calibrated */
    public static Frame declaration(String name, int[] shapeTczyx, String dtype, Boolean rgb, double[] spacingZyxUm, List<Double> displayRange, String identity) {
        Frame shape = Frame.empty().with("t", shapeTczyx[0]).with("c", shapeTczyx[1]).with("z", shapeTczyx[2]).with("y", shapeTczyx[3]).with("x", shapeTczyx[4]);
        Frame spacing = spacingZyxUm == null ? null : Frame.empty().with("z", spacingZyxUm[0]).with("y", spacingZyxUm[1]).with("x", spacingZyxUm[2]);
        return Frame.empty().with("name", name).with("shape", shape).with("dtype", dtype).with("rgb", rgb).with("spacing", spacing)
            .with("displayRange", displayRange).with("identity", identity);
    }

    static Frame slicePut(String volumeId, int t, int c, int z, byte[] data) {
        return Frame.message("slice.put").with("volumeId", volumeId)
            .with("plane", Frame.empty().with("t", t).with("c", c).with("z", z)).with("data", data);
    }

    /** A z plane; t and c are 0-based. */
    public static Frame cut(int z, int t, int c) {
        return Frame.empty().with("axis", "z").with("index", z).with("t", t).with("c", c);
    }

    /** @param parts any of box, points, polygon, mask */
    public static Frame promptSet(String sessionId, int objectId, Frame cut, Frame parts, Boolean add, Boolean preview, Integer baseSeq, String model) {
        return request("prompt.set").with("sessionId", sessionId).with("objectId", objectId).with("cut", cut)
            .with("box", parts.members().get("box")).with("points", parts.members().get("points"))
            .with("polygon", parts.members().get("polygon")).with("mask", parts.members().get("mask"))
            .with("add", add).with("preview", preview).with("baseSeq", baseSeq).with("model", model);
    }

    /**
     * Replaces the prompts of all objects named, as one edit.
     *
     * @param objects from {@link #prompted}
     * @param segment true for a mask on each prompted plane, else null
     */
    public static Frame promptsPut(String sessionId, List<Frame> objects, Boolean segment, String model) {
        return request("prompts.put").with("sessionId", sessionId).with("objects", members(objects)).with("segment", segment).with("model", model);
    }

    /** @param prompts from {@link #prompt} */
    public static Frame prompted(int objectId, List<Frame> prompts) {
        return Frame.empty().with("objectId", objectId).with("prompts", members(prompts));
    }

    /** @param parts any of box, points, polygon, mask */
    public static Frame prompt(Frame cut, Frame parts) {
        Map<String, Object> given = parts.members();
        return Frame.empty().with("cut", cut).with("box", given.get("box")).with("points", given.get("points")).with("polygon", given.get("polygon")).with("mask", given.get("mask"));
    }

    public static Frame objectRemove(String sessionId, int objectId, Integer baseSeq) {
        return request("object.remove").with("sessionId", sessionId).with("objectId", objectId).with("baseSeq", baseSeq);
    }

    /** @param which undo or redo */
    public static Frame step(String which, String sessionId) {
        return request(which).with("sessionId", sessionId);
    }

    /**
     * @param objects null for all with a prompt
     * @param range 0-based and half-open {start, end}, null for the whole axis
     * @param goOn true to walk only beside prompts edited since the last run, else null
     */
    public static Frame propagate(String sessionId, List<Integer> objects, String along, int[] range, String direction, Boolean goOn, String model) {
        return request("propagate").with("sessionId", sessionId).with("objects", objects).with("along", along).with("range", span(range))
            .with("direction", direction).with("continue", goOn).with("model", model);
    }

    /**
     * @param region {u0, v0, u1, v1} in whole pixels, null for the whole plane
     * @param grid from {@link #grid}, null for the defaults
     */
    public static Frame automask(String sessionId, Frame cut, int[] region, Frame grid, String model) {
        return request("automask").with("sessionId", sessionId).with("cut", cut).with("region", list(region)).with("grid", grid).with("model", model);
    }

    /**
     * @param range 0-based and half-open {start, end}, null for the whole axis
     * @param frame the frame, for along t the slice; null for the first
     * @param every planes between two automasks, null for the default
     */
    public static Frame automaskStack(String sessionId, String along, int[] range, Integer frame, Integer c, Integer every, Double mergeIou, int[] region, Frame grid, String model) {
        return request("automask.stack").with("sessionId", sessionId).with("along", along).with("range", span(range)).with("frame", frame).with("c", c)
            .with("every", every).with("mergeIou", mergeIou).with("region", list(region)).with("grid", grid).with("model", model);
    }

    /** Settings of automask, each null for its default. */
    public static Frame grid(Integer pointsPerSide, Double predIouThresh, Double stabilityScoreThresh, Double boxNmsThresh, Boolean multimaskOutput, Integer minArea, Double maxAreaPart) {
        return Frame.empty().with("pointsPerSide", pointsPerSide).with("predIouThresh", predIouThresh).with("stabilityScoreThresh", stabilityScoreThresh)
            .with("boxNmsThresh", boxNmsThresh).with("multimaskOutput", multimaskOutput).with("minArea", minArea).with("maxAreaPart", maxAreaPart);
    }

    /**
     * Follows objects along several axes and keeps what enough directions agree on.
     *
     * @param objects null for all with a prompt
     * @param axes at least two of z, y, x; null for all three
     * @param votes null for more than half
     */
    public static Frame combineDirections(String sessionId, List<Integer> objects, List<String> axes, Integer votes, int[] range, String model) {
        return request("combine").with("sessionId", sessionId).with("how", "directions").with("objects", objects).with("axes", axes).with("votes", votes)
            .with("range", span(range)).with("model", model);
    }

    /** @param objects at least two; the first keeps its id */
    public static Frame union(String sessionId, List<Integer> objects) {
        return request("combine").with("sessionId", sessionId).with("how", "union").with("objects", objects);
    }

    /**
     * @param seeds {x, y, z} of one seed in each part, null for the distance map's maxima
     * @param depth without seeds: how much narrower than its parts a neck must be, null for the default
     * @param parts without seeds: at most so many, null for any number
     */
    public static Frame split(String sessionId, int objectId, Integer frame, List<double[]> seeds, Double depth, Integer parts) {
        List<List<Double>> places = seeds == null ? null : new ArrayList<List<Double>>();
        if (seeds != null) for (double[] seed : seeds) places.add(Arrays.asList(seed[0], seed[1], seed[2]));
        return request("split").with("sessionId", sessionId).with("objectId", objectId).with("frame", frame).with("seeds", places).with("depth", depth).with("parts", parts);
    }

    /**
     * Segments by a recipe, without a network.
     *
     * @param recipe a name, or a Frame that holds one of one's own; null for the default
     * @param set "step.parameter" to a number, text or flag
     * @param region from {@link #region}
     * @param within the result is limited to these objects, which are replaced by their parts
     * @param seeds the result is grown from these objects
     * @param prompts box, mask or none
     * @param preview from {@link #look}: one slice, without an edit
     */
    public static Frame classicalRun(String sessionId, Object recipe, Map<String, Object> set, Frame region, Integer frame, Integer c,
        List<Integer> within, List<Integer> seeds, String prompts, Frame preview) {
        return request("classical.run").with("sessionId", sessionId).with("recipe", recipe).with("set", set == null || set.isEmpty() ? null : set)
            .with("region", region).with("frame", frame).with("c", c).with("within", within).with("seeds", seeds).with("prompts", prompts).with("preview", preview);
    }

    /** 0-based and half-open {start, end} along each axis, each null for the whole axis; null for the whole volume. */
    public static Frame region(int[] z, int[] y, int[] x) {
        return z == null && y == null && x == null ? null : Frame.empty().with("z", span(z)).with("y", span(y)).with("x", span(x));
    }

    /** @param step the id of the step to look at, null for the result */
    public static Frame look(int z, String step) {
        return Frame.empty().with("index", z).with("step", step);
    }

    public static Frame recipesList() {
        return request("recipes.list");
    }

    private static List<Object> members(List<Frame> frames) {
        List<Object> made = new ArrayList<>();
        for (Frame frame : frames) made.add(frame.members());
        return made;
    }

    private static Frame span(int[] range) {
        return range == null ? null : Frame.empty().with("start", range[0]).with("end", range[1]);
    }

    private static List<Integer> list(int[] values) {
        if (values == null) return null;
        List<Integer> made = new ArrayList<>();
        for (int value : values) made.add(value);
        return made;
    }

    /**
     * Morphology of a session's objects.
     *
     * @param objects null for all
     * @param overlap the rule of the label image to be measured, null for each object on all its voxels
     * @param intensity whether grey values are measured too, null where the server has all of them
     * @param files of measurements.csv, clusters.csv, report.html; null for none
     */
    public static Frame measure(String sessionId, List<Integer> objects, String overlap, Boolean intensity, Integer frame, Integer c, List<String> files) {
        return request("measure").with("sessionId", sessionId).with("objects", objects).with("overlap", overlap).with("intensity", intensity)
            .with("frame", frame).with("c", c).with("files", files);
    }

    /**
     * A session's objects judged against the truth.
     *
     * @param truth the id of a volume whose values are object ids
     * @param sameIds true when the session's ids are the truth's, else null
     * @param files of objects.csv, evaluation.json, report.html; null for none
     */
    public static Frame evaluate(String sessionId, String truth, List<Integer> objects, String overlap, Boolean sameIds, Integer frame, List<String> files) {
        return request("evaluate").with("sessionId", sessionId).with("truth", truth).with("objects", objects).with("overlap", overlap).with("sameIds", sameIds)
            .with("frame", frame).with("files", files);
    }

    /**
     * A label image judged against the truth, both of them volumes.
     *
     * @param image the volume that the report shows, null for none
     */
    public static Frame evaluateLabels(String truth, String prediction, String image, Integer frame, Integer c, List<Double> spacingZyxUm, List<String> files) {
        return request("evaluate").with("truth", truth).with("prediction", prediction).with("image", image).with("frame", frame).with("c", c)
            .with("spacing", spacingZyxUm).with("files", files);
    }

    /**
     * What was found.
     *
     * @param as planes for each stored mask as one `mask` message, else the file that comes in the result: labels, rois, geojson or measurements
     * @param objects null for all
     */
    public static Frame labelsGet(String sessionId, String as, List<Integer> objects) {
        return request("labels.get").with("sessionId", sessionId).with("as", as).with("objects", objects);
    }
}
