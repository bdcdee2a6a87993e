package org.masklet.fiji;

import ij.ImagePlus;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.masklet.wire.Fault;

/**
 * Prompts as one line of text, such as {@code 1:box:z12:10,20,60,80;2:point:z7:33,41,+}: object, kind, place, numbers. The
 * place is a slice, and a frame and a channel where there are several (z12t3c2), all from 1. Points are pixels, + or -.
 */
final class PromptText {
    private static final Pattern PROMPT = Pattern.compile("([^:]+):(box|points?|polygon):z(\\d{1,9})(?:t(\\d{1,9}))?(?:c(\\d{1,9}))?:(.+)");
    private static final String HINT = "Write prompts=[1:box:z12:10,20,60,80;2:point:z7:33,41,+].";
    private static final String NUMBER = "\\d+(?:\\.\\d+)?";

    private PromptText() {}

    static PromptList parse(String text, ImagePlus image) throws Fault {
        PromptList prompts = new PromptList(image);
        for (String each : text.toLowerCase(Locale.ROOT).split(";")) {
            String written = each.replaceAll("\\s", "");
            if (!written.isEmpty()) add(prompts, image, written);
        }
        if (prompts.ids().isEmpty()) throw new Fault("nothing_prompted", "There is no prompt to begin with.", HINT);
        return prompts;
    }

    private static void add(PromptList prompts, ImagePlus image, String written) throws Fault {
        Matcher prompt = PROMPT.matcher(written);
        if (!prompt.matches()) throw bad(written);
        int objectId = ObjectIds.single(prompt.group(1));
        if (objectId == 0) throw bad(written);
        int z = Integer.parseInt(prompt.group(3)) - 1;
        int t = prompt.group(4) == null ? image.getT() - 1 : Integer.parseInt(prompt.group(4)) - 1;
        int c = prompt.group(5) == null ? Command.channel(image) : Integer.parseInt(prompt.group(5)) - 1;
        String[] numbers = prompt.group(6).split(",");
        switch (prompt.group(2)) {
            case "box":
                if (numbers.length != 4) throw bad(written);
                double[] box = numbers(numbers, written);
                if (!(box[2] > box[0] && box[3] > box[1])) throw bad(written);
                prompts.area(objectId, z, t, c, new Roi(box[0], box[1], box[2] - box[0], box[3] - box[1]));
                return;
            case "polygon":
                if (numbers.length < 6 || numbers.length % 2 != 0) throw bad(written);
                double[] corners = numbers(numbers, written);
                float[] x = new float[corners.length / 2];
                float[] y = new float[corners.length / 2];
                for (int i = 0; i < corners.length; i++) (i % 2 == 0 ? x : y)[i / 2] = (float) corners[i];
                prompts.area(objectId, z, t, c, new PolygonRoi(x, y, Roi.POLYGON));
                return;
            default:
                if (!prompt.group(6).matches(NUMBER + "," + NUMBER + ",[+-](?:," + NUMBER + "," + NUMBER + ",[+-])*")) throw bad(written);
                for (int i = 0; i < numbers.length; i += 3) {
                    prompts.point(objectId, z, t, c, Double.parseDouble(numbers[i]), Double.parseDouble(numbers[i + 1]), numbers[i + 2].equals("+"));
                }
        }
    }

    private static double[] numbers(String[] written, String all) throws Fault {
        double[] numbers = new double[written.length];
        for (int i = 0; i < numbers.length; i++) {
            if (!written[i].matches(NUMBER)) throw bad(all);
            numbers[i] = Double.parseDouble(written[i]);
        }
        return numbers;
    }

    private static Fault bad(String written) {
        return new Fault("prompts_invalid", "\"" + written + "\" is no prompt.", HINT);
    }
}
