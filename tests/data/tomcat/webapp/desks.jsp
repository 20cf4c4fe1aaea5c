<%@ page session="false" contentType="application/json" trimDirectiveWhitespaces="true" %>
{"size":3,"start":0,"limit":50,"isLastPage":true,"values":[
{"id":"12","projectId":"10002","projectName":"IT Help","projectKey":"IT","_links":{"portal":"http://localhost/servicedesk/customer/portal/2"}},
{"id":"13","projectId":"10003","projectName":"People","projectKey":"HR","_links":{"portal":"http://localhost/servicedesk/customer/portal/3"}},
{"id":"14","projectId":"10004","projectName":"Facilities","projectKey":"FAC","_links":{"portal":"http://localhost/servicedesk/customer/portal/4"}}]}
