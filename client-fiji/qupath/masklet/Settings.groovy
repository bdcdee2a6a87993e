package masklet

/** The settings of a script, changed by the arguments of QuPath's command line: `-a downsample=4`. */
class Settings {
    private static final CHOICES = [along: ['z', 't'], direction: ['both', 'forward', 'backward'], output: ['annotation', 'detection']]
    private static final NUMBERS = ['channel', 'downsample', 'first', 'last', 'slice', 'frame', 'points', 'every', 'low', 'high']

    /** @return every setting as text or as a number; null for one that is left open */
    static Map read(Map standard, Collection arguments) {
        def settings = new LinkedHashMap(standard)
        arguments.each { argument ->
            def parts = argument.toString().split('=', 2)
            if (parts.length < 2 || !settings.containsKey(parts[0])) throw new Problem("There is no setting \"${argument}\": give key=value with a key out of ${settings.keySet().join(', ')}.")
            settings[parts[0]] = parts[1]
        }
        settings.keySet().each { key ->
            def value = settings[key].toString().trim()
            if (CHOICES[key] && !CHOICES[key].contains(value)) throw new Problem("The setting ${key} is one of ${CHOICES[key].join(', ')}, not \"${value}\".")
            settings[key] = value == '' ? null : NUMBERS.contains(key) ? number(key, value) : value
        }
        if (settings.downsample != null && settings.downsample < 1) throw new Problem("The setting downsample must be at least 1, not ${settings.downsample}.")
        if ((settings.low == null) != (settings.high == null)) throw new Problem('Give both of the settings low and high, or neither.')
        settings.server = settings.server.replaceAll('/+$', '')
        return settings
    }

    /** Only grey values may be broken numbers. */
    private static number(String key, String value) {
        try {
            return key == 'low' || key == 'high' ? value.toDouble() : value.toInteger()
        } catch (NumberFormatException cause) {
            throw new Problem("The setting ${key} must be a ${key in ['low', 'high'] ? '' : 'whole '}number, not \"${value}\".")
        }
    }
}
