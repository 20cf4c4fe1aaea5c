<%@ page session="false" contentType="application/json" trimDirectiveWhitespaces="true" %>
{"baseUrl":"http://localhost","version":"10.3.6","deploymentType":"Server"}
