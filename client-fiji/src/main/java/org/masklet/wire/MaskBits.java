package org.masklet.wire;

import java.util.Arrays;

/** One bit a pixel over the half-open box [u0, v0, u1, v1]; rows padded to a byte, most significant bit first. */
public final class MaskBits {
    public final int u0, v0, width, height;
    private final byte[] bits;
    private final int rowBytes;

    /** @throws Fault frame_invalid when the bits do not fill the box exactly */
    public MaskBits(int[] box, byte[] bits) throws Fault {
        if (box.length != 4 || box[0] < 0 || box[1] < 0) throw Fault.frame("a mask's box is " + Arrays.toString(box));
        boolean empty = box[2] <= box[0] || box[3] <= box[1];
        u0 = box[0];
        v0 = box[1];
        width = empty ? 0 : box[2] - box[0];
        height = empty ? 0 : box[3] - box[1];
        rowBytes = (width + 7) / 8;
        if (bits.length != (long) rowBytes * height) throw Fault.frame("a mask has " + bits.length + " bytes where its box needs " + (long) rowBytes * height);
        this.bits = bits;
    }

    /** Packs one byte a pixel (non-zero = set), row by row over a box of width x height at (u0, v0). */
    public static MaskBits pack(byte[] pixels, int u0, int v0, int width, int height) throws Fault {
        int rowBytes = (width + 7) / 8;
        byte[] bits = new byte[rowBytes * height];
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                if (pixels[v * width + u] != 0) bits[v * rowBytes + u / 8] |= 0x80 >> (u & 7);
            }
        }
        return new MaskBits(new int[] {u0, v0, u0 + width, v0 + height}, bits);
    }

    /** @param u,v relative to the box */
    public boolean get(int u, int v) {
        return (bits[v * rowBytes + (u >> 3)] >> (7 - (u & 7)) & 1) != 0;
    }

    public boolean isEmpty() {
        return width == 0;
    }

    /** The pixels of either, or of this one alone without those of the other. */
    public MaskBits with(MaskBits other, boolean added) throws Fault {
        if (isEmpty()) return added ? other : this;
        int left = added ? Math.min(u0, other.u0) : u0;
        int top = added ? Math.min(v0, other.v0) : v0;
        int across = (added ? Math.max(u0 + width, other.u0 + other.width) : u0 + width) - left;
        int down = (added ? Math.max(v0 + height, other.v0 + other.height) : v0 + height) - top;
        byte[] pixels = new byte[across * down];
        for (int y = top, to = 0; y < top + down; y++) {
            for (int x = left; x < left + across; x++, to++) pixels[to] = (byte) ((added ? at(x, y) || other.at(x, y) : at(x, y) && !other.at(x, y)) ? 1 : 0);
        }
        return pack(pixels, left, top, across, down);
    }

    /** On the plane, also off the box. */
    private boolean at(int x, int y) {
        return x >= u0 && y >= v0 && x < u0 + width && y < v0 + height && get(x - u0, y - v0);
    }

    public int area() {
        int area = 0;
        for (int v = 0; v < height; v++) for (int u = 0; u < width; u++) if (get(u, v)) area++;
        return area;
    }

    public Frame toFrame() {
        return Frame.empty().with("box", Arrays.asList(u0, v0, u0 + width, v0 + height)).with("bits", bits);
    }
}
