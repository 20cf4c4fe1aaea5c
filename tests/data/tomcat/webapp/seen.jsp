<%@ page session="false" contentType="text/plain" trimDirectiveWhitespaces="true" import="java.util.Collection" %><%
    Collection<String> seen = (Collection<String>) application.getAttribute("seen");
    if (seen != null) out.print(String.join("\n", seen));
%>
