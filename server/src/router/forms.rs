//! The forms of pages, each with the page that it stands on.

use domain::links;

use super::Table;
use crate::{
    auth::{Access, Page},
    catalog, catalog_change, delivery, golden_paths, provisioning, scaffold, settings,
};

pub(super) fn forms(pages: Table) -> Table {
    pages
        .post("/settings/theme", Access::SignedIn.form(Page::OneOf("/settings").button()), settings::set_theme)
        .post(
            "/settings/tokens",
            Access::SignedIn.form(Page::Of(settings::form_of_tokens).form()).fresh(),
            settings::make_token,
        )
        .post(
            "/settings/tokens/{id}/revoke",
            Access::SignedIn.form(Page::At("/settings").button()),
            settings::revoke_token,
        )
        .post(
            "/settings/sessions/end",
            Access::SignedIn.form(Page::At("/settings").button()),
            settings::end_other_sessions,
        )
        .post("/catalog/import", Access::SignedIn.form(Page::Same.form()), catalog::import)
        .post("/catalog/import/{id}/accept", Access::SignedIn.form(Page::Above.button()), catalog::accept)
        .post("/catalog/import/{id}/again", Access::SignedIn.form(Page::Above.button()), catalog::import_again)
        .post("/catalog/sources/{id}/look", Access::SignedIn.form(Page::Above.button()), catalog::look_again)
        .post("/catalog/sources/{id}/end", Access::SignedIn.form(Page::Same.button()), catalog::end_source)
        .post("/catalog/sources/{id}/move", Access::SignedIn.form(Page::Above.button()), catalog::accept_move)
        .post("/catalog/{kind}/{namespace}/{name}/edit", Access::SignedIn.form(Page::Same.form()), catalog_change::edit)
        .post(
            "/catalog/{kind}/{namespace}/{name}/adopt",
            Access::SignedIn.form(Page::At(links::CATALOG_UNOWNED).button()),
            catalog_change::adopt,
        )
        .post(
            "/catalog/unowned/repositories/adopt",
            Access::SignedIn.form(Page::At(links::CATALOG_UNOWNED).button()),
            catalog_change::adopt_repository,
        )
        .post(
            "/catalog/{kind}/{namespace}/{name}/remove",
            Access::SignedIn.form(Page::Same.button()),
            catalog_change::remove,
        )
        .post(
            "/catalog/removed/{id}/restore",
            Access::SignedIn.form(Page::At(links::CATALOG_REMOVED).button()),
            catalog_change::restore,
        )
        .post(
            "/catalog/unowned/adopt",
            Access::SignedIn.form(Page::At(links::CATALOG_UNOWNED).button()),
            catalog::adopt,
        )
        .post("/golden-paths/{name}/new", Access::SignedIn.form(Page::Same.form()), golden_paths::answer)
        .post(
            "/golden-paths/{name}/plans/{id}/create",
            Access::SignedIn.form(Page::Above.button()),
            golden_paths::create,
        )
        .post(
            "/golden-paths/{name}/plans/{id}/again",
            Access::SignedIn.form(Page::Above.button()),
            golden_paths::plan_again,
        )
        .post(
            "/provisioning/requests/{id}/approve",
            Access::SignedIn.form(Page::Of(provisioning::place_of_request).button()).fresh(),
            provisioning::approve_request,
        )
        .post(
            "/provisioning/requests/{id}/deny",
            Access::SignedIn.form(Page::Of(provisioning::refusal_of_request).form()),
            provisioning::deny_request,
        )
        .post("/provisioning/{cluster}/{namespace}/ask", Access::SignedIn.form(Page::Same.form()), provisioning::ask)
        .post(
            "/provisioning/requests/{id}/withdraw",
            Access::SignedIn.form(Page::Of(provisioning::place_of_request).button()),
            provisioning::withdraw_request,
        )
        .post("/scaffold/{run}/cancel", Access::SignedIn.form(Page::Above.button()), scaffold::cancel)
        .post("/scaffold/{run}/retry", Access::SignedIn.form(Page::Above.button()), scaffold::retry)
        .post("/delivery/changes", Access::SignedIn.form(Page::OneOf("/delivery").form()), delivery::request)
        .post("/delivery/changes/{id}/confirm", Access::SignedIn.form(Page::Above.button()), delivery::confirm)
        .post("/delivery/changes/{id}/approve", Access::SignedIn.form(Page::Above.button()), delivery::approve)
        .post("/delivery/changes/{id}/deny", Access::SignedIn.form(Page::Above.form()), delivery::deny)
        .post("/delivery/changes/{id}/withdraw", Access::SignedIn.form(Page::Above.button()), delivery::withdraw)
}
