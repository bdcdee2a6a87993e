package masklet

import com.google.gson.Gson
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import qupath.lib.io.PathIO

import static qupath.lib.gui.scripting.QPEx.*

/**
 * What was found, as QuPath's objects, one for each masklet and plane. Metadata tell whose they are: `masklet.key` names the object from run to
 * run, `masklet.object` is its number in the session `masklet.session`. They are locked; one that a person has unlocked is that person's.
 */
class Outlines {
    private final Gson gson = new Gson()
    private final Server server
    private final Region region
    private final String sessionId
    private final String output

    Outlines(Server server, Region region, String sessionId, String output) {
        this.server = server
        this.region = region
        this.sessionId = sessionId
        this.output = output
    }

    static String keyOf(object) {
        return object.getMetadata()['masklet.key']
    }

    static boolean isFound(object) {
        return keyOf(object) != null && (!object.isAnnotation() || object.isLocked())
    }

    /** The number of each object that was found before, by key. */
    static Map knownIds() {
        return ours().collectEntries { [(keyOf(it)): it.getMetadata()['masklet.object'] as int] }
    }

    private static List ours() {
        return (getAnnotationObjects() + getDetectionObjects()).findAll { keyOf(it) != null }.toList()
    }

    /** Objects that were in this session before keep their keys, names and classes. @return as `Prompts.byObject` */
    List<Map> knownObjects(List<Map> summaries) {
        def here = ours().findAll { it.getMetadata()['masklet.session'] == sessionId }.groupBy { it.getMetadata()['masklet.object'] as int }
        return summaries.collect { summary ->
            def id = summary.objectId as int
            def known = here[id] ? here[id][0] : null
            [key: known == null ? "${sessionId} ${id}".toString() : keyOf(known), id: id, name: known?.getName(), pathClass: known?.getPathClass()]
        }
    }

    /**
     * Puts what was found in the place of what was there before. A plane that a person has corrected keeps the correction.
     * @param replaces whether outlines of a key go, by that key and the keys that have a new one
     * @return features: what QuPath got; kept: how many more were left out for a person's corrections
     */
    Map takeOver(List<Map> objects, Closure replaces) {
        def byId = objects.collectEntries { [(it.id): it] }
        def corrected = ours().findAll { !isFound(it) }.collect { [keyOf(it)] + Prompts.planeOf(it) }
        def features = new JsonArray()
        def given = read()
        given.each { feature ->
            def plane = feature.get('geometry').get('plane')
            def object = byId[feature.get('properties').get('metadata').get('masklet.object').getAsInt()]
            def place = plane == null ? [0, 0] : [plane.get('z').getAsInt(), plane.get('t').getAsInt()]
            if (!corrected.contains([object.key] + place)) features.add(placed(feature, object))
        }
        def found = PathIO.readObjectsFromGeoJSON(new ByteArrayInputStream(gson.toJson(features).getBytes('UTF-8')))
        def keys = found.collect { keyOf(it) } as Set
        removeObjects(ours().findAll { isFound(it) && replaces(keyOf(it), keys) }, true)
        addObjects(found)
        return [features: features, kept: given.size() - features.size()]
    }

    private JsonArray read() {
        try {
            return JsonParser.parseString(server.read("/v1/sessions/${sessionId}/objects.geojson")).getAsJsonObject().getAsJsonArray('features')
        } catch (Problem nothing) {
            if (nothing.code != 'export_empty') throw nothing
            return new JsonArray()
        }
    }

    /** The server's feature, where it belongs in the image, with the class of its prompt and that class's colour. */
    private JsonObject placed(JsonObject feature, Map object) {
        feature.get('geometry').add('coordinates', shifted(feature.get('geometry').get('coordinates')))
        def properties = feature.get('properties')
        properties.addProperty('objectType', output)
        properties.addProperty('isLocked', true)
        if (object.name) properties.addProperty('name', object.name)
        if (object.pathClass != null) {
            def names = object.pathClass.toString().split(': ') as List
            def rgb = object.pathClass.getColor() ?: 0
            properties.add('classification', gson.toJsonTree([(names.size() == 1 ? 'name' : 'names'): names.size() == 1 ? names[0] : names, color: [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255]]))
            properties.remove('color')
        }
        properties.get('metadata').addProperty('masklet.key', object.key)
        properties.get('metadata').addProperty('masklet.session', sessionId)
        return feature
    }

    private JsonElement shifted(JsonElement coordinates) {
        def moved = new JsonArray()
        if (coordinates.get(0).isJsonArray()) coordinates.each { moved.add(shifted(it)) }
        else [coordinates.get(0).getAsInt() * region.downsample + region.x, coordinates.get(1).getAsInt() * region.downsample + region.y].each { moved.add(new JsonPrimitive(it)) }
        return moved
    }

    /** @param folder is made where it is missing @return the files' common name */
    String write(JsonArray features, String folder, String imageName) {
        def to = new File(folder)
        if (!to.isDirectory() && !to.mkdirs()) throw new Problem("The folder ${to} cannot be made: choose another for the setting results.")
        def name = imageName.replaceAll('[\\\\/:*?"<>|]', '_')
        def collection = new JsonObject()
        collection.addProperty('type', 'FeatureCollection')
        collection.add('features', features)
        new File(to, name + '.geojson').setText(gson.toJson(collection), 'UTF-8')
        new File(to, name + '.csv').setText(server.read("/v1/sessions/${sessionId}/measurements.csv"), 'UTF-8')
        return name
    }
}
