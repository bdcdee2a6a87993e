package org.masklet.fiji;

import ij.ImagePlus;
import ij.VirtualStack;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;

/** A volume of the server's as an image of its shape and calibration, without its pixels: what results are made for where the image is not open. */
final class VolumeImage {
    private VolumeImage() {}

    /** @param volume as /v1/volumes/ID tells of it */
    static ImagePlus of(Frame volume) throws Fault {
        Frame shape = volume.map("shape");
        int width = shape.integer("x");
        int height = shape.integer("y");
        int slices = shape.integer("z");
        int frames = shape.integer("t");
        VirtualStack blank = new VirtualStack(width, height, null, null) {
            @Override
            public int getSize() {
                return slices * frames;
            }

            @Override
            public ImageProcessor getProcessor(int n) {
                return new ByteProcessor(width, height);
            }
        };
        ImagePlus image = new ImagePlus(volume.text("name"), blank);
        image.setDimensions(1, slices, frames);
        if (volume.has("spacing")) {
            Frame spacing = volume.map("spacing");
            image.getCalibration().setUnit("micron");
            image.getCalibration().pixelWidth = spacing.number("x");
            image.getCalibration().pixelHeight = spacing.number("y");
            image.getCalibration().pixelDepth = spacing.number("z");
        }
        return image;
    }

    /** Whether results of the volume can be drawn on the image. */
    static boolean fits(Frame volume, ImagePlus image) throws Fault {
        Frame shape = volume.map("shape");
        return shape.integer("x") == image.getWidth() && shape.integer("y") == image.getHeight() && shape.integer("z") == image.getNSlices() && shape.integer("t") == image.getNFrames()
            && !LabelImage.isTitled(image);
    }
}
