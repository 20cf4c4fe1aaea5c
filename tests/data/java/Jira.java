import com.sun.jersey.api.core.DefaultResourceConfig;
import com.sun.jersey.api.core.ResourceConfig;
import com.sun.jersey.spi.container.ContainerRequest;
import com.sun.jersey.spi.container.ContainerRequestFilter;
import com.sun.jersey.spi.container.servlet.ServletContainer;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.UriBuilder;
import javax.ws.rs.core.UriInfo;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Two servers that read requests as a Jira may: a Jetty with the places of a JSM, and a Jersey 1 behind
 * the filter that Atlassian's REST has. Each answers with what it read, and remembers what of it came
 * through the gate: a line for the place, and one for each field.
 *
 * Usage: java -cp … Jira.java PORT-OF-JETTY PORT-OF-JERSEY WEB.XML
 */
public final class Jira {
    final Collection<String> seen = new ConcurrentLinkedQueue<>();
    final ServletContextHandler context = new ServletContextHandler();

    public static void main(String[] arguments) throws Exception {
        Jira jetty = new Jira();
        jetty.map(arguments[2]);
        jetty.start(Integer.parseInt(arguments[0]));
        Jira jersey = new Jira();
        jersey.context.addServlet(new ServletHolder(jersey.rest()), "/rest/servicedesk/*");
        jersey.start(Integer.parseInt(arguments[1]));
    }

    /** As lenient as Jetty gets: what it refuses itself proves nothing about the gate. */
    void start(int port) throws Exception {
        for (String path : List.of("/seen", "/rest/api/2/serverInfo", "/rest/servicedeskapi/servicedesk"))
            context.addServlet(new ServletHolder(new Told()), path);
        Server server = new Server();
        HttpConnectionFactory http = new HttpConnectionFactory(new HttpConfiguration(), HttpCompliance.LEGACY);
        ServerConnector connector = new ServerConnector(server, http);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    /** The places that the Tomcat of these tests has, too. */
    void map(String file) throws Exception {
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File(file));
        NodeList mappings = xml.getElementsByTagName("servlet-mapping");
        for (int i = 0; i < mappings.getLength(); i++) {
            Element mapping = (Element) mappings.item(i);
            String name = mapping.getElementsByTagName("servlet-name").item(0).getTextContent();
            String path = mapping.getElementsByTagName("url-pattern").item(0).getTextContent();
            if (!List.of("seen", "server-info", "desks").contains(name))
                context.addServlet(new ServletHolder(new Place(name)), path);
        }
    }

    ServletContainer rest() {
        ResourceConfig config = new DefaultResourceConfig();
        config.getSingletons().add(new Things(this));
        config.getFeatures().put(ResourceConfig.FEATURE_DISABLE_WADL, true);
        config.getProperties().put(ResourceConfig.PROPERTY_CONTAINER_REQUEST_FILTERS, new WithoutSuffix());
        return new ServletContainer(config);
    }

    /** Says what was read, and remembers it if it came through the gate, which names each request. */
    String tell(String request, String who, String place, String address, Map<String, List<String>> fields) {
        StringBuilder told = new StringBuilder();
        fields.forEach((name, values) ->
            values.forEach(value -> told.append(name).append('\t').append(value).append('\n')));
        if (request != null) {
            String user = who == null ? "nobody" : who;
            seen.add("place\t" + user + "\t" + place + "\t" + address);
            told.toString().lines().forEach(field -> seen.add("field\t" + user + "\t" + field));
        }
        return told.toString();
    }

    /** A page, which asks its container for the fields of query and form. */
    final class Place extends HttpServlet {
        final String name;

        Place(String name) {
            this.name = name;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("X-Place", name);
            Map<String, List<String>> fields = new HashMap<>();
            request.getParameterMap().forEach((field, values) -> fields.put(field, Arrays.asList(values)));
            String who = request.getHeader("X-Forwarded-User");
            String id = request.getHeader("X-Request-Id");
            response.getWriter().print(tell(id, who, name, request.getRequestURI(), fields));
        }
    }

    /** A data call, as its resource gets it. */
    @Path("1/customer/things")
    public static final class Things {
        final Jira jira;

        Things(Jira jira) {
            this.jira = jira;
        }

        @GET
        public String read(@Context UriInfo address, @Context HttpHeaders headers) {
            return tell(address, headers, address.getQueryParameters());
        }

        @POST
        @Consumes("application/x-www-form-urlencoded")
        public String write(
                MultivaluedMap<String, String> form, @Context UriInfo address, @Context HttpHeaders headers) {
            return tell(address, headers, form) + tell(address, headers, address.getQueryParameters());
        }

        String tell(UriInfo address, HttpHeaders headers, Map<String, List<String>> fields) {
            MultivaluedMap<String, String> said = headers.getRequestHeaders();
            String path = address.getRequestUri().getRawPath();
            String who = said.getFirst("X-Forwarded-User");
            return jira.tell(said.getFirst("X-Request-Id"), who, "data", path, fields);
        }
    }

    /** A suffix of the path tells the format. The address is built anew without it. */
    static final class WithoutSuffix implements ContainerRequestFilter {
        static final List<String> SUFFIXES = List.of("json", "xml", "txt", "htm", "html", "atom");

        @Override
        public ContainerRequest filter(ContainerRequest request) {
            String path = request.getAbsolutePath().toString();
            int dot = path.lastIndexOf('.');
            if (!SUFFIXES.contains(path.substring(dot + 1))) {
                return request;
            }
            UriBuilder address = UriBuilder.fromUri(path.substring(0, dot));
            request.getQueryParameters().forEach((name, values) ->
                values.forEach(value -> address.queryParam(name, value)));
            request.setUris(request.getBaseUri(), address.build());
            return request;
        }
    }

    /** What of a JSM the gate itself asks for, and what was seen. */
    final class Told extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getServletPath();
            boolean seen = path.equals("/seen");
            response.setContentType(seen ? "text/plain;charset=utf-8" : "application/json");
            if (seen) {
                response.getWriter().print(String.join("\n", Jira.this.seen));
            } else {
                response.getWriter().print(path.endsWith("serverInfo") ? SERVER : DESKS);
            }
        }
    }

    static final String SERVER = "{\"baseUrl\":\"http://localhost\",\"version\":\"10.3.6\",\"deploymentType\":\"Server\"}";
    static final String DESKS = "{\"size\":3,\"start\":0,\"limit\":50,\"isLastPage\":true,\"values\":["
        + desk(2, "IT") + "," + desk(3, "HR") + "," + desk(4, "FAC") + "]}";

    static String desk(int number, String key) {
        String portal = "http://localhost/servicedesk/customer/portal/" + number;
        return "{\"id\":\"1" + number + "\",\"projectId\":\"1000" + number + "\",\"projectName\":\"" + key
            + "\",\"projectKey\":\"" + key + "\",\"_links\":{\"portal\":\"" + portal + "\"}}";
    }
}
