package org.masklet.fiji;

import ij.IJ;
import ij.ImagePlus;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.masklet.wire.Fault;
import org.masklet.wire.Frame;
import org.masklet.wire.LiveClient;

/** A label image that is open in ImageJ, as a volume of the server's. It gets no session, and what the server has already is not sent again. */
final class LabelVolume {
    private LabelVolume() {}

    /** @return the volume's id; Escape stops it */
    static String send(LiveClient client, ImagePlus image) throws Fault, InterruptedException {
        check(image);
        StackPlanes planes = new StackPlanes(image);
        Frame volume = client.declare(ImageFacts.labels(image, content(image, planes)));
        String id = volume.text("volumeId");
        int all = image.getNFrames() * image.getNSlices();
        if (volume.integer("planesHeld", 0) == all) return id;
        int sent = 0;
        for (int t = 0; t < image.getNFrames(); t++) {
            for (int z = 0; z < image.getNSlices(); z++) {
                pause("sending " + image.getTitle(), sent++, all);
                client.putPlane(id, t, 0, z, planes.plane(t, 0, z));
            }
        }
        return id;
    }

    private static void check(ImagePlus image) throws Fault {
        String name = "\"" + image.getTitle() + "\"";
        if (image.getType() == ImagePlus.COLOR_RGB) throw new Fault("labels_invalid", name + " is a colour picture, and a label image has one number a pixel.", "Choose the label image itself.");
        if (image.getNChannels() > 1) throw new Fault("labels_invalid", name + " has several channels.", "Take the one that holds the labels: Image > Color > Split Channels.");
        // Signed 16-bit images have such a function too: their stored 0 is -32768.
        if (image.getCalibration().calibrated()) throw new Fault("labels_invalid", name + " has a calibration function, so that what it stores are not its ids.", "Convert it: Image > Type > 32-bit.");
    }

    private static String content(ImagePlus image, StackPlanes planes) throws Fault {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            int at = 0;
            for (int t = 0; t < image.getNFrames(); t++) {
                for (int z = 0; z < image.getNSlices(); z++) {
                    pause("reading " + image.getTitle(), at++, image.getNFrames() * image.getNSlices());
                    digest.update(planes.plane(t, 0, z));
                }
            }
            return String.format("%064x", new BigInteger(1, digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void pause(String doing, int done, int total) throws Fault {
        if (IJ.escapePressed()) throw new Fault("cancelled", "Stopped by Escape.", "");
        IJ.showStatus("Masklet: " + doing + "...");
        IJ.showProgress(done, total);
    }
}
