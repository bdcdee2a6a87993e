import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

/**
 * An update site as Java reads it: its list, held against its own document type, and of each file that is offered
 * "name TAB checksum in the list TAB checksum of the file TAB bytes in the list TAB bytes of the file". Argument: the folder.
 */
public class UpdateSite {
    public static void main(String[] arguments) throws Exception {
        File folder = new File(arguments[0]);
        NodeList plugins;
        try (InputStream in = new GZIPInputStream(new FileInputStream(new File(folder, "db.xml.gz")))) {
            plugins = strict().parse(in).getElementsByTagName("plugin");
        }
        for (int i = 0; i < plugins.getLength(); i++) {
            Element plugin = (Element) plugins.item(i);
            String name = plugin.getAttribute("filename");
            NodeList versions = plugin.getElementsByTagName("version");
            if (versions.getLength() == 0) {
                System.out.println(name + "\tremoved");
                continue;
            }
            Element version = (Element) versions.item(0);
            File file = new File(folder, name + "-" + version.getAttribute("timestamp"));
            System.out.println(String.join("\t", name, version.getAttribute("checksum"), checksum(name, file), version.getAttribute("filesize"), Long.toString(file.length())));
        }
    }

    private static DocumentBuilder strict() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setValidating(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException problem) throws SAXParseException {
                throw problem;
            }

            @Override
            public void error(SAXParseException problem) throws SAXParseException {
                throw problem;
            }

            @Override
            public void fatalError(SAXParseException problem) throws SAXParseException {
                throw problem;
            }
        });
        return builder;
    }

    private static String checksum(String name, File file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        if (name.endsWith(".jar")) {
            try (JarFile jar = new JarFile(file)) {
                List<JarEntry> entries = new ArrayList<>(Collections.list(jar.entries()));
                entries.sort(Comparator.comparing(JarEntry::getName));
                for (JarEntry entry : entries) {
                    digest.update(entry.getName().getBytes(StandardCharsets.US_ASCII));
                    if (!entry.getName().equals("META-INF/MANIFEST.MF")) digest.update(bytes(jar.getInputStream(entry)));
                }
            }
        } else {
            digest.update(name.getBytes(StandardCharsets.US_ASCII));
            digest.update(Files.readAllBytes(file.toPath()));
        }
        StringBuilder text = new StringBuilder();
        for (byte each : digest.digest()) text.append(String.format("%02x", each));
        return text.toString();
    }

    private static byte[] bytes(InputStream in) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        for (int read = in.read(part); read >= 0; read = in.read(part)) out.write(part, 0, read);
        return out.toByteArray();
    }
}
