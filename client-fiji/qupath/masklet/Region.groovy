package masklet

import java.util.regex.Pattern

/**
 * The part of an image that is sent, on the grid that a downsample lays over the image from its top-left corner: `width` x `height` squares
 * of `downsample` pixels. Both QuPath and Masklet count from pixel corners, so a place is moved and scaled and nothing else.
 */
class Region {
    /** More pixels than this are not taken without being asked for. */
    private static final LARGE = 1L << 24
    private static final MOST = 1L << 26
    private static final Pattern PLACE = ~/ \(x=(\d+), y=(\d+), downsample=(\d+)\)$/
    final int x, y, width, height, downsample

    /** @param x, y, downsample in pixels of the image; width, height in squares */
    Region(int x, int y, int width, int height, int downsample) {
        this.x = x
        this.y = y
        this.width = width
        this.height = height
        this.downsample = downsample
    }

    /** What annotations of class Region* enclose, else the whole image, else (it is large, and there are prompts) what lies around the prompts. */
    static Region choose(image, List regions, List prompts, int downsample, Closure say) {
        def whole = around(image, [0, 0, image.getWidth(), image.getHeight()], downsample)
        def chosen = regions ? around(image, enclosing(regions, 0), downsample) : whole
        if (!regions && prompts && whole.size() > LARGE) {
            def reach = prompts.collect { Math.max(it.getBoundsWidth(), it.getBoundsHeight()) }.max()
            chosen = around(image, enclosing(prompts, Math.max(256 * downsample, 2 * reach)), downsample)
            say("looks at ${chosen.width} x ${chosen.height} pixels around the prompts; a rectangle of class Region* chooses another part")
        }
        if (chosen.width < 1 || chosen.height < 1) throw new Problem('The region of class Region* lies outside the image: move it, or remove it.')
        if (chosen.size() > MOST) throw new Problem("That would be ${chosen.width} x ${chosen.height} pixels a slice: draw a rectangle of class Region* around a smaller part, or raise the setting downsample.")
        return chosen
    }

    /** The region of a session, which its volume's name tells. */
    static Region ofVolume(image, Map volume) {
        def place = volume.name =~ PLACE
        def from = place.find() ? place[0].tail()*.toInteger() : [0, 0, 1]
        def region = new Region(from[0], from[1], volume.shape.x as int, volume.shape.y as int, from[2])
        def right = region.x + region.width * region.downsample, bottom = region.y + region.height * region.downsample
        def fits = from == [0, 0, 1] ? right == image.getWidth() && bottom == image.getHeight() : right <= image.getWidth() && bottom <= image.getHeight()
        if (!fits) throw new Problem("The session is of an image of ${right} x ${bottom} pixels, and this one has ${image.getWidth()} x ${image.getHeight()}: open that image, or give this one's session.")
        return region
    }

    static String imageName(Map volume) {
        return volume.name.replaceFirst(PLACE, '')
    }

    /** A column or row of which the image has but a part is left out: QuPath would stretch the others over it. */
    private static Region around(image, List box, int downsample) {
        def x = Math.max(0, Math.floor(box[0] / downsample) as int), y = Math.max(0, Math.floor(box[1] / downsample) as int)
        def right = Math.min(Math.ceil(box[2] / downsample) as int, image.getWidth().intdiv(downsample))
        def bottom = Math.min(Math.ceil(box[3] / downsample) as int, image.getHeight().intdiv(downsample))
        return new Region(x * downsample, y * downsample, right - x, bottom - y, downsample)
    }

    private static List enclosing(List rois, double margin) {
        return [rois*.getBoundsX().min() - margin, rois*.getBoundsY().min() - margin,
                rois.collect { it.getBoundsX() + it.getBoundsWidth() }.max() + margin, rois.collect { it.getBoundsY() + it.getBoundsHeight() }.max() + margin]
    }

    long size() {
        return (long) width * height
    }

    /** What a session's volume is called, so that `ofVolume` finds the place again. */
    String nameOf(image) {
        def name = image.getMetadata().getName()
        def isWhole = x == 0 && y == 0 && downsample == 1 && width == image.getWidth() && height == image.getHeight()
        return isWhole ? name : "${name} (x=${x}, y=${y}, downsample=${downsample})".toString()
    }

    /** From the image's pixels to squares. */
    double across(double imageX) {
        return (imageX - x) / downsample
    }

    double down(double imageY) {
        return (imageY - y) / downsample
    }

    /** [u0, v0, u1, v1] in squares, cut off at the region's edges; without area where the ROI lies outside. */
    List boundsOf(roi) {
        def u = [across(roi.getBoundsX()), across(roi.getBoundsX() + roi.getBoundsWidth())].collect { Math.min(Math.max(it, 0d), (double) width) }
        def v = [down(roi.getBoundsY()), down(roi.getBoundsY() + roi.getBoundsHeight())].collect { Math.min(Math.max(it, 0d), (double) height) }
        return [u[0], v[0], u[1], v[1]]
    }
}
