<%@ page session="false" contentType="text/plain" trimDirectiveWhitespaces="true"
         import="java.util.Collection, java.util.concurrent.ConcurrentLinkedQueue, java.util.regex.*" %><%
    // Says which place a request was mapped to, and remembers those that came through the gate.
    String place = config.getServletName();
    String info = request.getPathInfo();
    String path = request.getServletPath() + (info == null ? "" : info);
    response.setHeader("X-Place", place);
    if (request.getHeader("X-Request-Id") != null) {
        Collection<String> seen = (Collection<String>) application.getAttribute("seen");
        if (seen == null) {
            synchronized (application) {
                seen = (Collection<String>) application.getAttribute("seen");
                if (seen == null) {
                    seen = new ConcurrentLinkedQueue<>();
                    application.setAttribute("seen", seen);
                }
            }
        }
        String who = request.getHeader("X-Forwarded-User");
        seen.add((who == null ? "nobody" : who) + " " + place + " " + request.getRequestURI());
    }
    // Jira's own rule for what is below a cache key, from its urlrewrite.xml.
    Matcher keyed = Pattern.compile("^/s/(.*)/_/((?i)(?!WEB-INF)(?!META-INF).*)").matcher(path);
    if (keyed.matches()) {
        request.getRequestDispatcher("/" + keyed.group(2)).forward(request, response);
        return;
    }
    out.print(path);
%>
