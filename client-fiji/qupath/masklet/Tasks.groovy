package masklet

import static qupath.lib.gui.scripting.QPEx.*

/** What the scripts do, one method a script. */
class Tasks {
    private final Script script
    private final Map settings
    private final Closure say = { script.println("Masklet: ${it}") }
    private final Server server
    private final image

    Tasks(Script script, Map settings) {
        this.script = script
        this.settings = Settings.read(settings, script.binding.hasVariable('args') ? script.binding.getVariable('args') as List : [])
        image = getCurrentServer()
        if (image == null) throw new Problem('Open an image first.')
        server = new Server(this.settings.server)
    }

    void segmentSlices() {
        prompted { job, objects -> segment(job, objects) }
    }

    void propagate() {
        prompted { job, objects ->
            segment(job, objects)
            def size = settings.along == 'z' ? image.nZSlices() : image.nTimepoints()
            def params = [along: settings.along, direction: settings.direction, model: settings.model]
            if (settings.first != null || settings.last != null) params.range = [start: settings.first ?: 0, end: settings.last == null ? size : settings.last + 1]
            def result = job.run('propagate', params) { "followed through ${it.done as int} of ${it.total as int} planes" }
            def names = objects.collectEntries { [(it.id): it.name ?: "object ${it.id}"] }
            result.ends.each { say("${names[it.objectId as int]} ends ${it.direction} at ${it.index as int}: ${it.reason}") }
        }
    }

    void importSession() {
        def session = settings.session ? server.ask('GET', '/v1/sessions/' + settings.session) : newestSession()
        def region = Region.ofVolume(image, server.ask('GET', '/v1/volumes/' + session.volumeId))
        def outlines = new Outlines(server, region, session.sessionId, settings.output)
        deliver(outlines, session, outlines.knownObjects(session.objects), true)
    }

    private void prompted(Closure work) {
        def annotations = Prompts.annotations(settings.only)
        def region = Region.choose(image, Prompts.regions()*.getROI(), annotations*.getROI(), settings.downsample, say)
        def objects = Prompts.byObject(annotations, region)
        if (objects.isEmpty()) throw new Problem('No prompt lies in the part that is looked at: move the region of class Region*, or remove it.')
        def pixels = new Pixels(image, region, settings.channel)
        def volume = server.ask('POST', '/v1/volumes', pixels.declaration(say))
        def session = server.ask('POST', '/v1/sessions', [volumeId: volume.volumeId, view: settings.low == null ? [:] : [range: [settings.low, settings.high]]])
        def outlines = new Outlines(server, region, session.sessionId, settings.output)
        try {
            work(new Job(server, pixels, session, say), objects)
        } catch (InterruptedException stopped) {
            deliver(outlines, session, objects, false)
            throw stopped
        }
        deliver(outlines, session, objects, true)
    }

    private void segment(Job job, List<Map> objects) {
        def total = objects.collect { it.prompts.size() }.sum()
        def count = 0
        objects.each { object ->
            object.prompts.each { plane, prompt ->
                say("segments prompt ${++count} of ${total}, slice ${plane[0]}${image.nTimepoints() > 1 ? ", frame ${plane[1]}" : ''}")
                job.run('prompt.set', [objectId: object.id, cut: [axis: 'z', index: plane[0], t: plane[1], c: 0], model: settings.model] + prompt)
            }
        }
    }

    private Map newestSession() {
        def name = image.getMetadata().getName()
        def session = server.ask('GET', '/v1/sessions').find { candidate ->
            candidate.objects.any { it.masks > 0 } && Region.imageName(server.ask('GET', '/v1/volumes/' + candidate.volumeId)) == name
        }
        if (session == null) throw new Problem("The server has found nothing in an image named ${name}: segment it first, or give the setting session.")
        return session
    }

    private void deliver(Outlines outlines, Map session, List<Map> objects, boolean isWhole) {
        def features = outlines.takeOver(objects, isWhole)
        say(features.size() == 0 ? 'found nothing' : "found ${features.size()} outlines (session ${session.sessionId})")
        if (settings.results && features.size() > 0) say("wrote ${outlines.write(features, settings.results, getCurrentImageName())}.geojson and .csv into ${settings.results}")
    }
}
