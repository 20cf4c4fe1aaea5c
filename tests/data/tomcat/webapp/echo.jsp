<%@ page session="false" contentType="text/plain;charset=UTF-8" trimDirectiveWhitespaces="true"
         import="java.util.Collection, java.util.Map, java.util.concurrent.ConcurrentLinkedQueue, java.util.regex.*" %><%
    // Says which place a request was mapped to and which fields it brought, and remembers that of those that
    // came through the gate.
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
        if (who == null) who = "nobody";
        seen.add("place\t" + who + "\t" + place + "\t" + request.getRequestURI());
        for (Map.Entry<String, String[]> field : request.getParameterMap().entrySet())
            for (String value : field.getValue())
                seen.add("field\t" + who + "\t" + field.getKey() + "\t" + value);
    }
    // Jira's own rule for what is below a cache key, from its urlrewrite.xml.
    Matcher keyed = Pattern.compile("^/s/(.*)/_/((?i)(?!WEB-INF)(?!META-INF).*)").matcher(path);
    if (keyed.matches()) {
        request.getRequestDispatcher("/" + keyed.group(2)).forward(request, response);
        return;
    }
    for (Map.Entry<String, String[]> field : request.getParameterMap().entrySet())
        for (String value : field.getValue()) out.print(field.getKey() + "\t" + value + "\n");
%>
