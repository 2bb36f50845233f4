//! What a client does towards DingTalk by itself.

use std::sync::Arc;

use serde_json::Value;

use super::{Client, Shared, counted};
use crate::call::Call;
use crate::error::Result;
use crate::json::Json;
use crate::message::Message;
use crate::openapi::bot::{self, Remind, Target};
use crate::openapi::{App, Host, Lane, Request};

impl Client {
    /// Sends a message to a target by OpenAPI. Done with `{"processQueryKeys":[…]}`; for users also with
    /// `invalidStaffIdList`, `flowControlledStaffIdList` and `failed`: who did not get it, and why. Users go out in batches of
    /// twenty, and the call fails only where nobody got anything. `"lost":["mentions"]` where there were some: OpenAPI
    /// shows none.
    pub fn send(&self, target: Target, message: Message) -> Call {
        let robot = self.0.shared.config.robot_code.clone();
        self.call("send", async move |app| bot::send(&app, &robot, target, message, Lane::Ordinary).await)
    }

    /// Who has read what was sent with this `processQueryKey`, within 24 hours. Done with DingTalk's own answer.
    pub fn read_status(&self, target: Target, key: impl Into<String>) -> Call {
        let (robot, key) = (self.0.shared.config.robot_code.clone(), key.into());
        self.call("read_status", async move |app| bot::read_status(&app, &robot, &target, &key).await)
    }

    /// Takes back what was sent with these `processQueryKey`s, within 24 hours. Done with `successResult`, a list, and
    /// `failedResult`, reasons by key.
    pub fn recall(&self, target: Target, keys: impl IntoIterator<Item = String>) -> Call {
        let (robot, keys) = (self.0.shared.config.robot_code.clone(), keys.into_iter().collect::<Vec<_>>());
        self.call("recall", async move |app| bot::recall(&app, &robot, &target, &keys).await)
    }

    /// Dings users: in DingTalk, by SMS or by telephone. Done with DingTalk's own answer.
    pub fn ding(&self, users: impl IntoIterator<Item = String>, remind: Remind, text: impl Into<String>) -> Call {
        let (users, text) = (users.into_iter().collect::<Vec<_>>(), text.into());
        let robot = self.0.shared.config.robot_code.clone();
        self.call("ding", async move |app| bot::ding(&app, &robot, &users, remind, &text).await)
    }

    /// Calls any other API: `path` begins with one slash, `query` stands apart, and `corp` names an organisation where the
    /// application is an ISV's. The token goes where the host wants it; an answer that says that it failed is an error,
    /// whatever its status. Done with the answer's JSON.
    pub fn request(
        &self,
        method: &str,
        host: Host,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Value>,
        corp: Option<&str>,
    ) -> Call {
        let made = Request::by_hand(method, path).map(|request| Request {
            host,
            query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body,
            corp: corp.map(str::to_owned),
            ..request
        });
        match made {
            Err(error) => Call::failed(&self.0.shared.teller, "request", error),
            Ok(request) => self.call("request", async move |app| app.call(&request).await),
        }
    }

    /// Hands over the `suite_ticket` that an ISV's token needs, where it was stored: DingTalk sends it as an event every
    /// five hours.
    ///
    /// # Errors
    /// `forked` in a child.
    pub fn suite_ticket(&self, ticket: &str) -> Result<()> {
        self.0.shared.born.check("client")?;
        self.0.shared.app()?.take_suite_ticket(ticket);
        Ok(())
    }

    fn call<F>(&self, operation: &'static str, work: impl FnOnce(Arc<App>) -> F) -> Call
    where
        F: Future<Output = Result<Value>> + Send + 'static,
    {
        let shared: &Arc<Shared> = &self.0.shared;
        match shared.born.check("client").and_then(|()| shared.app()) {
            Err(error) => Call::failed(&shared.teller, operation, error),
            Ok(app) => {
                let work = work(Arc::clone(app));
                let told = async move { work.await.map(|told| Arc::new(Json::from(told))) };
                Call::start(&shared.teller, operation, counted(shared, told))
            }
        }
    }
}
