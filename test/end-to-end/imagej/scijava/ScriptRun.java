import ij.ImageJ;
import java.io.File;
import java.util.HashMap;
import java.util.Map;
import org.codehaus.groovy.jsr223.GroovyScriptEngineFactory;
import org.scijava.Context;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;
import org.scijava.script.AdaptedScriptLanguage;
import org.scijava.script.ScriptInfo;
import org.scijava.script.ScriptLanguage;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

/**
 * Runs a script as Fiji does, beside an ImageJ with windows, and tells as lines "key TAB value" what SciJava read of its
 * parameters and what came out. Arguments: the script, then key=value for each input.
 */
public class ScriptRun {
    /** What Fiji's scripting-groovy is. */
    public static class Groovy extends AdaptedScriptLanguage {
        public Groovy() {
            super(new GroovyScriptEngineFactory());
        }
    }

    public static void main(String[] arguments) {
        try {
            new ImageJ();
            Context context = new Context(ScriptService.class);
            context.service(PluginService.class).addPlugin(new PluginInfo<>(Groovy.class, ScriptLanguage.class));
            ScriptService scripts = context.service(ScriptService.class);
            ScriptInfo info = scripts.getScript(new File(arguments[0]));
            for (ModuleItem<?> item : info.inputs()) {
                System.out.println("input\t" + item.getName() + " " + item.getType().getSimpleName() + " " + item.getLabel() + (item.isRequired() ? "" : " optional"));
            }
            Map<String, Object> inputs = new HashMap<>();
            for (int i = 1; i < arguments.length; i++) {
                int at = arguments[i].indexOf('=');
                inputs.put(arguments[i].substring(0, at), arguments[i].substring(at + 1)); // SciJava converts them
            }
            ScriptModule module = scripts.run(info, true, inputs).get();
            for (ModuleItem<?> item : info.outputs()) System.out.println("output\t" + item.getName() + " " + module.getOutput(item.getName()));
            System.out.println("finished\tyes");
        } catch (Throwable failure) {
            failure.printStackTrace();
        } finally {
            System.exit(0);
        }
    }
}
