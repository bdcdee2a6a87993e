package org.masklet.fiji;

import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** Scores as a row of a table, under those of earlier evaluations, so that predictions stand below each other. */
final class Evaluations {
    static final String TABLE = "Masklet Evaluation";
    static final String OBJECTS = "Masklet Evaluated Objects";
    private static final double[] THRESHOLDS = {0.5, 0.75, 0.9};

    private Evaluations() {}

    static void show(Frame evaluation, String truth, String prediction) throws Fault {
        ResultsTable open = GraphicsEnvironment.isHeadless() ? null : ResultsTable.getResultsTable(TABLE);
        ResultsTable table = open == null ? new ResultsTable() : open;
        table.showRowNumbers(false);
        table.setPrecision(4);
        table.incrementCounter();
        table.addValue("truth", truth);
        table.addValue("prediction", prediction);
        for (Map.Entry<String, Double> score : scores(evaluation).entrySet()) {
            if (score.getValue().isNaN()) table.addValue(score.getKey(), "");
            else table.addValue(score.getKey(), score.getValue());
        }
        if (!GraphicsEnvironment.isHeadless()) table.show(TABLE);
    }

    /** What a macro is told of. */
    static Map<String, Object> facts(Frame evaluation) throws Fault {
        Map<String, Double> scores = scores(evaluation);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dice", scores.get("dice"));
        facts.put("f1", scores.get("f1_0.50"));
        facts.put("pq", scores.get("pq_0.50"));
        facts.put("missed", scores.get("missed"));
        facts.put("spurious", scores.get("spurious"));
        return facts;
    }

    /** By column; not a number where there is none. Lengths are in the evaluation's unit. */
    private static Map<String, Double> scores(Frame evaluation) throws Fault {
        String unit = evaluation.text("unit");
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("true_objects", evaluation.map("truth").number("objects"));
        found.put("predicted_objects", evaluation.map("prediction").number("objects"));
        Frame foreground = evaluation.map("foreground");
        found.put("dice", foreground.number("dice"));
        found.put("jaccard", foreground.number("jaccard"));
        found.put("volumetric_similarity", foreground.number("volumetricSimilarity"));
        found.put("particle_dice", evaluation.map("perParticle").number("dice"));
        Frame pairs = evaluation.map("oneToOne");
        for (double wanted : THRESHOLDS) {
            for (Frame at : pairs.maps("thresholds")) {
                if (Math.abs(at.number("threshold") - wanted) > 1e-9) continue;
                for (String score : new String[] {"f1", "ap", "pq"}) found.put(score + String.format(java.util.Locale.ROOT, "_%.2f", wanted), at.number(score));
            }
        }
        for (String score : new String[] {"f1", "ap", "pq"}) found.put("mean_" + score, pairs.map("mean").number(score));
        Frame faults = evaluation.map("faults");
        found.put("over_segmented", faults.number("overSegmented"));
        found.put("under_segmented", faults.number("underSegmented"));
        found.put("missed", faults.number("missed"));
        found.put("spurious", faults.number("spurious"));
        found.put("adapted_rand_error", evaluation.map("adaptedRand").number("error"));
        Frame information = evaluation.map("variationOfInformation").map("all");
        found.put("voi_split", information.number("split"));
        found.put("voi_merge", information.number("merge"));
        Frame surface = evaluation.map("surface");
        Frame whole = surface.has("foreground") ? surface.map("foreground") : Frame.empty();
        found.put("hausdorff95_" + unit, whole.number("hausdorff95", Double.NaN));
        found.put("mean_distance_" + unit, whole.number("meanDistance", Double.NaN));
        Frame shape = evaluation.map("shape");
        found.put("elongation_error", shape.map("elongation").number("meanSigned", Double.NaN));
        found.put("flatness_error", shape.map("flatness").number("meanSigned", Double.NaN));
        return found;
    }
}
