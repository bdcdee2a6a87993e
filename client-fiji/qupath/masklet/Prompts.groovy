package masklet

import java.awt.RenderingHints
import java.awt.image.BufferedImage

import static qupath.lib.gui.scripting.QPEx.*

/** What a person drew, as prompts by object and plane. */
class Prompts {
    static boolean isIgnored(object) {
        return className(object).startsWith('Ignore')
    }

    private static String className(object) {
        return object.getPathClass() == null ? '' : object.getPathClass().toString()
    }

    /** Annotations of class Region*. */
    static List regions() {
        return getAnnotationObjects().findAll { className(it).startsWith('Region') && it.getROI()?.isArea() }.toList()
    }

    /** @param only the class they must have; null for the selected ones, or all where none is selected */
    static List annotations(String only) {
        def all = getAnnotationObjects().findAll {
            def roi = it.getROI()
            roi != null && !Outlines.isFound(it) && !className(it).startsWith('Region') && (roi.isPoint() || (roi.isArea() && !isIgnored(it)))
        }
        def selected = all.findAll { getSelectedObjects().contains(it) }
        def chosen = only != null ? all.findAll { className(it) == only || isIgnored(it) } : selected ?: all
        if (chosen.every { isIgnored(it) }) throw new Problem("There is no prompt${only ? " of class ${only}" : ''}: draw a rectangle, points or an outline on an object as an annotation, and run the script again.")
        return chosen.toList()
    }

    /**
     * Annotations of one name, or corrections of one masklet, belong to one object, each other one to an object of its own. Points to be
     * ignored that have no name hold for every object on their plane.
     * @return key, id, name, pathClass, and prompts by plane [z, t]
     */
    static List<Map> byObject(List annotations, Region region) {
        def everywhere = annotations.findAll { isIgnored(it) && !it.getName() && !Outlines.keyOf(it) }
        def groups = (annotations - everywhere).groupBy { Outlines.keyOf(it) ?: it.getName() ?: it.getID().toString() }
        def ids = Outlines.knownIds()
        def taken = [] as Set
        // Numbers from several sessions may be the same.
        def number = { key -> ids[key] != null && taken.add(ids[key]) ? ids[key] : (1..Integer.MAX_VALUE).find { !ids.containsValue(it) && taken.add(it) } }
        def objects = groups.collect { key, own ->
            def prompts = own.groupBy { planeOf(it) }.collectEntries { plane, here -> [(plane): prompt(here + everywhere.findAll { planeOf(it) == plane }, region)] }
            def marked = own.find { !isIgnored(it) } ?: own[0]
            [key: key, id: number(key), name: own.find { it.getName() }?.getName(), pathClass: marked.getPathClass(), prompts: prompts.findAll { it.value }]
        }
        return objects.findAll { it.prompts }
    }

    static List planeOf(object) {
        return [object.getROI().getZ(), object.getROI().getT()]
    }

    /** @return box, points and mask in squares of the region; empty where nothing of an object lies in it */
    private static Map prompt(List annotations, Region region) {
        def points = annotations.findAll { it.getROI().isPoint() }.collectMany { annotation ->
            annotation.getROI().getAllPoints().collect { [region.across(it.getX()), region.down(it.getY()), isIgnored(annotation) ? 0 : 1] }
        }.findAll { it[0] >= 0 && it[1] >= 0 && it[0] <= region.width && it[1] <= region.height }
        def areas = annotations*.getROI().findAll { it.isArea() && region.boundsOf(it).with { it[2] > it[0] && it[3] > it[1] } }
        def boxes = areas.findAll { it.getRoiName() == 'Rectangle' }
        def mask = mask(areas - boxes, region)
        if (!boxes && !mask && points.every { it[2] == 0 }) return [:]
        def found = [:]
        if (points) found.points = points
        if (boxes) found.box = enclosing(boxes, region)
        if (mask) found.mask = mask
        return found
    }

    private static List enclosing(List rois, Region region) {
        def bounds = rois.collect { region.boundsOf(it) }
        return [bounds*.get(0).min(), bounds*.get(1).min(), bounds*.get(2).max(), bounds*.get(3).max()]
    }

    /** The squares whose centres lie in the ROIs. A one-bit image of Java is laid out as Masklet's bits are: rows padded to a byte, first pixel highest. */
    private static Map mask(List rois, Region region) {
        if (rois.isEmpty()) return null
        def edges = enclosing(rois, region)
        def box = edges.take(2).collect { Math.floor(it) as int } + edges.drop(2).collect { Math.ceil(it) as int }
        def bits = new BufferedImage(box[2] - box[0], box[3] - box[1], BufferedImage.TYPE_BYTE_BINARY)
        def pen = bits.createGraphics()
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE)
        pen.scale(1d / region.downsample, 1d / region.downsample)
        pen.translate((double) -(region.x + box[0] * region.downsample), (double) -(region.y + box[1] * region.downsample))
        rois.each { pen.fill(it.getShape()) }
        pen.dispose()
        byte[] bytes = bits.raster.dataBuffer.data
        return bytes.any { it != 0 } ? [box: box, bits: bytes.encodeBase64().toString()] : null
    }
}
