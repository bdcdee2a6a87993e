package org.masklet.fiji;

import ij.ImagePlus;
import ij.ImageStack;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.masklet.wire.Fault;
import org.masklet.wire.PlaneSource;

/**
 * The raw planes of an image, for the pixel thread: it holds the stack, not the image, and never moves what a person looks
 * at. A virtual stack is read plane by plane. An edited image gives its present pixels; the server notices by their hash.
 */
final class StackPlanes implements PlaneSource {
    private final ImageStack stack;
    private final SentPlanes sent;
    private final String name;
    private final int channels, slices;
    private final boolean rgb;

    /** Called on the command thread. */
    StackPlanes(ImagePlus image) {
        stack = image.getStack();
        sent = SentPlanes.of(image);
        name = image.getTitle();
        channels = image.getNChannels();
        slices = image.getNSlices();
        rgb = image.getType() == ImagePlus.COLOR_RGB;
    }

    @Override
    public byte[] plane(int t, int c, int z) throws Fault {
        int at = (t * slices + z) * channels + (rgb ? 0 : c) + 1;
        Object pixels = at >= 1 && at <= stack.getSize() ? stack.getPixels(at) : null;
        if (pixels == null) throw new Fault("image_closed", "Masklet still needed pixels of \"" + name + "\", but the image was closed.", "Open it again and repeat the command.");
        sent.add(at, pixels);
        if (pixels instanceof byte[]) return ((byte[]) pixels).clone();
        if (pixels instanceof short[]) {
            ByteBuffer out = ByteBuffer.allocate(2 * ((short[]) pixels).length).order(ByteOrder.LITTLE_ENDIAN);
            out.asShortBuffer().put((short[]) pixels);
            return out.array();
        }
        if (pixels instanceof float[]) {
            ByteBuffer out = ByteBuffer.allocate(4 * ((float[]) pixels).length).order(ByteOrder.LITTLE_ENDIAN);
            out.asFloatBuffer().put((float[]) pixels);
            return out.array();
        }
        return color((int[]) pixels, c);
    }

    private static byte[] color(int[] argb, int c) {
        byte[] out = new byte[argb.length];
        int shift = 16 - 8 * c;
        for (int i = 0; i < out.length; i++) out[i] = (byte) (argb[i] >> shift);
        return out;
    }
}
