package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.Mask;
import org.masklet.wire.Messages;
import org.masklet.wire.Request;

/** What the selection would give as a prompt on the slice that is looked at, outlined as soon as it rests. */
final class SelectionPreview extends Preview {
    /** Shorter than a person waits between two clicks of a correction. */
    private static final int REST_MS = 120;

    /** How the selection is to be understood, and of which image. Equal ones mean the same. */
    static final class Wish {
        final ImagePlus image;
        /** 0 for an object that there is none of yet. */
        final int objectId;
        final boolean positive, add;
        final String kind, model;

        /**
         * @param add beside what the object's prompt on the slice says already
         * @param model null for the server's own choice
         */
        Wish(ImagePlus image, int objectId, boolean positive, String kind, boolean add, String model) {
            this.image = image;
            this.objectId = objectId;
            this.positive = positive;
            this.kind = kind;
            this.add = add;
            this.model = model;
        }

        private List<Object> fields() {
            return Arrays.asList(objectId, positive, kind, add, model);
        }
    }

    private final Supplier<Wish> wishes;

    /** @param wishes null for no preview; asked at every turn, on the preview's thread */
    SelectionPreview(Supplier<Wish> wishes) {
        super(REST_MS);
        this.wishes = wishes;
    }

    @Override
    List<Object> state() {
        Wish wish = wishes.get();
        Roi roi = wish == null ? null : wish.image.getRoi();
        if (roi == null || roi.getState() == Roi.CONSTRUCTING || !SelectionPrompt.isPrompt(roi)) return NOTHING;
        FloatPolygon at = roi.getFloatPolygon();
        int corners = at == null ? 0 : Arrays.hashCode(Arrays.copyOf(at.xpoints, at.npoints)) * 31 + Arrays.hashCode(Arrays.copyOf(at.ypoints, at.npoints));
        return Arrays.asList(wish.image, wish.fields(), wish.image.getC(), wish.image.getZ(), wish.image.getT(), roi.getTypeAsString(), roi.getBounds(), corners);
    }

    @Override
    Request ask() throws Fault, InterruptedException {
        Wish wish = wishes.get();
        if (wish == null) return null;
        Frame cut = Messages.cut(wish.image.getZ() - 1, wish.image.getT() - 1, Command.channel(wish.image));
        Frame parts = SelectionPrompt.parts(wish.image, wish.kind, wish.positive);
        ImageSession session = Connection.THE.session(wish.image);
        return Connection.THE.client().send(Messages.promptSet(session.sessionId, wish.objectId == 0 ? ObjectIds.MAX : wish.objectId, cut, parts, wish.add ? Boolean.TRUE : null, Boolean.TRUE, null, wish.model));
    }

    @Override
    void show(Frame value, List<Mask> masks) throws Fault {
        int area = 0;
        for (Mask mask : masks) area += mask.bits.area();
        IJ.showStatus(area == 0 ? "Masklet: preview, nothing found here" : String.format("Masklet: preview, %d pixels, score %.2f", area, value.number("score", 0)));
    }
}
