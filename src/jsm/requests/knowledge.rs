//! Articles of the knowledge base that belongs to a desk. Only Cloud's REST API tells of them, and as the
//! service account sees them.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::shapes::each;
use super::types::desk_path;
use super::{Requests, SearchText};
use crate::config::Deployment;
use crate::domain::{ArticleId, JsmHtml, Portal};
use crate::jsm::Error;
use crate::jsm::rest::{Call, known, or_default};

/// Nobody reads more of them beside everything else that a search finds.
const MOST: &str = "10";

/// An article, as a search tells of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Article {
    /// The number of its page.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Some lines of it.
    pub excerpt: String,
}

#[derive(Debug, Deserialize)]
struct RawPage {
    #[serde(default, deserialize_with = "or_default")]
    values: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct RawArticle {
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    excerpt: String,
    source: RawSource,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSource {
    page_id: ArticleId,
}

impl Requests {
    /// The articles that fit best what somebody looks for; none on Data Center.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn articles(
        &self,
        portal: &Portal,
        text: &SearchText,
    ) -> Result<Arc<Vec<Article>>, Error> {
        if self.client.deployment().await? == Deployment::DataCenter {
            return Ok(Arc::default());
        }
        let desk = portal.service_desk_id.as_str();
        let _part = self.client.part(Call::read(&desk_path(desk)), 1).await?;
        self.caches.articles(desk, text, self.find_articles(desk, text)).await
    }

    /// What an article says, as JSM renders it; `None` where there is none, or none that the service
    /// account sees.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn article(&self, id: ArticleId) -> Result<Option<JsmHtml>, Error> {
        let path = format!("/rest/servicedeskapi/knowledgebase/article/view/{id}");
        let text = known(self.client.read_text(Call::read(&path)).await)?;
        // The call is described as one that answers with a text, which in JSON stands in quotation marks.
        let html = text.map(|text| serde_json::from_str(&text).unwrap_or(text));
        Ok(html.map(JsmHtml::new))
    }

    async fn find_articles(&self, desk: &str, text: &SearchText) -> Result<Vec<Article>, Error> {
        let path = format!("{}/knowledgebase/article", desk_path(desk));
        let query = [
            ("query", text.as_str().to_owned()),
            ("highlight", "false".to_owned()),
            ("limit", MOST.to_owned()),
        ];
        let page: RawPage = self.client.read(Call::Read { path: &path, query: &query }).await?;
        let articles = each::<RawArticle>(page.values).into_iter();
        Ok(articles.map(RawArticle::article).collect())
    }
}

impl RawArticle {
    fn article(self) -> Article {
        Article { id: self.source.page_id, title: self.title, excerpt: self.excerpt }
    }
}
