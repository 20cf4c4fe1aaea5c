<%@ page session="false" contentType="text/plain;charset=UTF-8" trimDirectiveWhitespaces="true" import="java.util.Collection" %><%
    Collection<String> seen = (Collection<String>) application.getAttribute("seen");
    if (seen != null) out.print(String.join("\n", seen));
%>
