package masklet

import groovy.transform.CompileStatic
import java.awt.image.Raster
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** An image's raw values, as a volume that Masklet asks planes of. */
class Pixels {
    /** Signed and larger whole numbers go as float32, which holds them up to 2^24. */
    private static final TYPES = [UINT8: 'uint8', UINT16: 'uint16', INT16: 'float32', INT32: 'float32', FLOAT32: 'float32', FLOAT64: 'float32']
    private final image
    private final Region region
    private final int channel
    private final String dtype

    /** @param image QuPath's ImageServer */
    Pixels(image, Region region, int channel) {
        this.image = image
        this.region = region
        this.channel = channel
        dtype = TYPES[image.getPixelType().toString()]
        if (dtype == null) throw new Problem("Masklet does not take pixels of type ${image.getPixelType()}: convert the image to 8, 16 or 32 bits.")
        if (!image.isRGB() && (channel < 0 || channel >= image.nChannels())) throw new Problem("The image has no channel ${channel}: it has ${image.nChannels()}, counted from 0.")
    }

    /** Without an identity: QuPath's paths do not tell when pixels have changed, and planes that are the same are kept once anyway. */
    Map declaration(Closure say) {
        def declared = [name: region.nameOf(image), shape: [t: image.nTimepoints(), c: image.isRGB() ? 3 : 1, z: image.nZSlices(), y: region.height, x: region.width], dtype: dtype, rgb: image.isRGB()]
        def size = image.getPixelCalibration()
        if (!size.hasPixelSizeMicrons()) return declared
        def flat = image.nZSlices() == 1
        if (!flat && !size.hasZSpacingMicrons()) {
            say('the image has no z spacing, so sizes are counted in pixels')
            return declared
        }
        def x = size.getPixelWidthMicrons() * region.downsample
        return declared + [spacing: [z: flat ? x : size.getZSpacingMicrons(), y: size.getPixelHeightMicrons() * region.downsample, x: x]]
    }

    /** @param plane as Masklet names it: t, c, z */
    void put(Server server, String volumeId, Map plane) {
        int t = plane.t, c = plane.c, z = plane.z, step = region.downsample
        def pixels = image.readRegion((double) step, region.x, region.y, region.width * step, region.height * step, z, t)
        if (pixels == null || pixels.width != region.width || pixels.height != region.height) throw new Problem("QuPath gave no pixels of slice ${z}, frame ${t}: is the image's file still there?")
        server.put("/v1/volumes/${volumeId}/planes/${t}/${c}/${z}", littleEndian(pixels.raster, image.isRGB() ? c : channel, dtype))
    }

    /** One band, rows from the top. */
    @CompileStatic
    private static byte[] littleEndian(Raster raster, int band, String dtype) {
        int width = raster.width
        ByteBuffer bytes = ByteBuffer.allocate(width * raster.height * (dtype == 'uint8' ? 1 : dtype == 'uint16' ? 2 : 4)).order(ByteOrder.LITTLE_ENDIAN)
        float[] floats = new float[width]
        int[] wholes = new int[width]
        for (int y = raster.minY; y < raster.minY + raster.height; y++) {
            if (dtype == 'float32') {
                raster.getSamples(raster.minX, y, width, 1, band, floats)
                for (int x = 0; x < width; x++) bytes.putFloat(floats[x])
            } else {
                raster.getSamples(raster.minX, y, width, 1, band, wholes)
                for (int x = 0; x < width; x++) {
                    if (dtype == 'uint8') bytes.put((byte) wholes[x])
                    else bytes.putShort((short) wholes[x])
                }
            }
        }
        return bytes.array()
    }
}
