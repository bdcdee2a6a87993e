package org.masklet.wire;

/** Holds the pixels of a declared volume. Called on the pixel thread. */
public interface PlaneSource {
    /**
     * One plane, raw little-endian, rows from the top; indices are 0-based.
     *
     * @throws Fault when there is no such plane, or its pixels are gone
     */
    byte[] plane(int t, int c, int z) throws Fault;
}
