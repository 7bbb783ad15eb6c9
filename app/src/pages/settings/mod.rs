//! Settings: who somebody is here and why, their tokens, their sessions, and the theme.

mod form;
mod groups;
mod sessions;
mod tokens;

pub use form::TokenForm;

use backend::{
    Db, Error,
    access::{self, Account, SessionSummary, TokenView},
};
use domain::access::{AFRESH, Theme, TokenText, Viewer};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::{afresh::came_back_afresh, loaded::loaded};
use crate::{
    components::{Card, CodeBlock, Columns, Grid, Moment, Note, PageHeader, Sentence, Tone},
    islands::ThemeSwitch,
    request::{AccountContext, RequestContext},
};

const ADDRESS: &str = "/settings";
/// The place of the form that makes a token.
pub const NEW_TOKEN: &str = "new-token";

#[component]
pub fn SettingsPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let query = use_query_map().read_untracked().clone();
    let typed = context.typed("name").map(|name| TokenForm {
        name,
        access: context.typed("access").unwrap_or_default(),
        days: context.typed("days").unwrap_or_default(),
    });
    let is_afresh = query.get(AFRESH).is_some();
    let RequestContext { viewer, db, theme, account, now, .. } = context;
    let drawn = (viewer.clone(), theme, account.clone());
    let load = async move { find(&viewer, &db, &account).await };
    Some(loaded(
        load,
        move |found| view! { <Settings found=found drawn=drawn typed=typed is_afresh=is_afresh now=now /> },
    ))
}

struct Found {
    account: Account,
    tokens: Vec<TokenView>,
    sessions: Vec<SessionSummary>,
}

async fn find(viewer: &Viewer, db: &Db, context: &AccountContext) -> Result<Found, Error> {
    Ok(Found {
        account: access::account(viewer, db).await?,
        tokens: access::list_tokens(viewer, db).await?,
        sessions: access::list_sessions(viewer, db, &context.session_life).await?,
    })
}

#[component]
fn Settings(
    found: Found,
    drawn: (Viewer, Theme, AccountContext),
    #[prop(optional_no_strip)] typed: Option<TokenForm>,
    is_afresh: bool,
    now: OffsetDateTime,
) -> impl IntoView {
    let (viewer, theme, context) = drawn;
    let Found { account, tokens, sessions } = found;
    let new_token = context.new_token.map(shown_once);
    let groups = groups::table(&viewer, &context.role_groups);
    let sessions = sessions::list(sessions, context.session, now);
    let email = account.email.map(|email| format!(", {email}")).unwrap_or_default();
    view! {
        <PageHeader title="Settings">
            <Sentence slot>
                "You are " {viewer.name} ", known to your identity provider as " <strong>{viewer.login}</strong> {email}
                ". What is said of you here is from your sign-in " <Moment at=account.signed_in_at now=now /> "."
            </Sentence>
        </PageHeader>
        {new_token}
        <Grid columns=Columns::WideAndNarrow>
            <div class="flex min-w-0 flex-col gap-4">
                <Card title="Your tokens" aside="for programs that use the API as you">{tokens::list(tokens, now)}</Card>
                <section id=NEW_TOKEN class="min-w-0 scroll-mt-4">
                    <Card title="Make a token">
                        {is_afresh.then(|| came_back_afresh("make the token"))}
                        {tokens::form(typed, now)}
                    </Card>
                </section>
            </div>
            <div class="flex min-w-0 flex-col gap-4">
                <Card title="Theme">
                    <ThemeSwitch theme=theme next=ADDRESS.to_owned() />
                </Card>
                <Card title="Your groups">{groups}</Card>
                <Card title="Your sessions">{sessions}</Card>
            </div>
        </Grid>
    }
    .into_any()
}

/// The only time that the token is seen; the page that is loaded again has forgotten it.
fn shown_once(token: TokenText) -> AnyView {
    let text = token.expose().to_owned();
    view! {
        <div class="mb-4">
            <Note tone=Tone::Good title="Your new token">
                <p class="mb-2">"Copy it now. It is shown this one time, and kept nowhere but with you."</p>
                <CodeBlock label="New token" text=text wraps=true />
            </Note>
        </div>
    }
    .into_any()
}
