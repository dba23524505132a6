import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Starts one Elasticsearch node for tests: the server's own start-up code needs an agent that is not published
 * for Maven. By reflection only, so that any Java compiler will do, whatever the server was compiled for.
 */
public class EsLauncher {
    static Class<?> named(String name) throws Exception {
        return Class.forName("org.elasticsearch." + name);
    }

    public static void main(String[] args) throws Exception {
        Path home = Path.of(System.getProperty("es.path.home"));
        Path config = Path.of(System.getProperty("es.path.conf"));
        named("bootstrap.BootstrapInfo").getMethod("init").invoke(null);
        Class<?> logging = named("common.logging.LogConfigurator");
        logging.getMethod("configureESLogging").invoke(null);
        logging.getMethod("registerErrorListener").invoke(null);
        Class<?> environmentClass = named("env.Environment");
        Object environment = environment(home, config);
        logging.getMethod("setNodeName", String.class).invoke(null, "test");
        logging.getMethod("configure", environmentClass, boolean.class).invoke(null, environment, true);
        Class<?> nodeClass = named("node.Node");
        Class<?> loaderClass = named("plugins.PluginsLoader");
        Object node = nodeClass.getConstructor(environmentClass, loaderClass)
            .newInstance(environment, loader(loaderClass, environmentClass, environment));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                nodeClass.getMethod("prepareForClose").invoke(node);
                nodeClass.getMethod("close").invoke(node);
            } catch (ReflectiveOperationException error) {
                error.printStackTrace();
            } finally {
                ended.countDown();
            }
        }));
        nodeClass.getMethod("start").invoke(node);
        ended.await();
    }

    static Object environment(Path home, Path config) throws Exception {
        Class<?> settingsClass = named("common.settings.Settings");
        Object builder = settingsClass.getMethod("builder").invoke(null);
        builder.getClass().getMethod("put", String.class, String.class).invoke(builder, "path.home", home.toString());
        Object settings = builder.getClass().getMethod("build").invoke(builder);
        Supplier<String> name = () -> "test";
        return named("node.InternalSettingsPreparer")
            .getMethod("prepareEnvironment", settingsClass, Map.class, Path.class, Supplier.class)
            .invoke(null, settings, Map.of(), config, name);
    }

    /** Modules from the class path: a small Java lacks some that the server would name on the module path. */
    static Object loader(Class<?> loaderClass, Class<?> environmentClass, Object environment) throws Exception {
        Object modules = loaderClass.getMethod("loadModulesBundles", Path.class, boolean.class)
            .invoke(null, environmentClass.getMethod("modulesDir").invoke(environment), false);
        Object plugins = loaderClass.getMethod("loadPluginsBundles", Path.class, boolean.class)
            .invoke(null, environmentClass.getMethod("pluginsDir").invoke(environment), false);
        return loaderClass.getMethod("createPluginsLoader", Set.class, Set.class, Map.class, boolean.class)
            .invoke(null, modules, plugins, Map.of(), false);
    }
}
