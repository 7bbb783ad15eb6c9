use super::*;

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn complete() -> BTreeMap<String, String> {
    env(&[
        ("DATABASE_URL", "postgres://waymark:canary-password@localhost/waymark"),
        ("WAYMARK_OIDC_ISSUER", "http://localhost:4455"),
        ("WAYMARK_OIDC_CLIENT_ID", "waymark"),
        ("WAYMARK_OIDC_CLIENT_SECRET", "canary-secret"),
    ])
}

fn variables(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.variable).collect()
}

#[test]
fn everything_wrong_is_told_at_once() {
    let problems = ServeConfig::from_env(env(&[
        ("WAYMARK_LISTEN", "3000"),
        ("WAYMARK_LOG", "info=loudly"),
        ("WAYMARK_PUBLIC_URL", "http://waymark.example"),
        ("WAYMARK_GIT_TOKEN", "x"),
    ]))
    .unwrap_err();
    assert_eq!(
        variables(&problems),
        [
            "WAYMARK_GIT_TOKEN",
            "DATABASE_URL",
            "WAYMARK_LOG",
            "WAYMARK_LISTEN",
            "WAYMARK_PUBLIC_URL",
            "WAYMARK_OIDC_ISSUER",
            "WAYMARK_OIDC_CLIENT_ID",
            "WAYMARK_OIDC_CLIENT_SECRET"
        ]
    );
}

#[test]
fn the_web_process_refuses_the_workers_credentials() {
    for name in WORKER_ONLY {
        let mut vars = complete();
        vars.insert(name.into(), "x".into());
        assert_eq!(variables(&ServeConfig::from_env(vars).unwrap_err()), [name]);
    }
}

#[test]
fn a_starter_image_is_named_by_its_digest() {
    let image = |image: &str| {
        WorkConfig::from_env(env(&[("DATABASE_URL", "postgres://localhost/waymark"), ("WAYMARK_STARTER_IMAGE", image)]))
    };
    let digest = format!("sha256:{}", "0f".repeat(32));
    let plans = image(&format!("registry.example.com/starter@{digest}")).unwrap().plans.unwrap();
    assert_eq!((plans.starter.name.as_str(), plans.starter.digest), ("registry.example.com/starter", digest));
    for bad in ["registry.example.com/starter:1.0", "starter@sha256:0f", "@sha256:0f", "a b@sha256:0f"] {
        assert_eq!(variables(&image(bad).unwrap_err()), ["WAYMARK_STARTER_IMAGE"], "{bad}");
    }
}

#[test]
fn a_sign_in_for_kubectl_is_a_command_line() {
    let login = |line: &str| {
        let mut vars = complete();
        vars.insert("WAYMARK_KUBECTL_LOGIN".into(), line.into());
        ServeConfig::from_env(vars).map(|config| config.kubectl_login)
    };
    let words = ["kubectl", "oidc-login", "--cache=a folder/{login}"].map(str::to_owned).to_vec();
    assert_eq!(login("kubectl oidc-login '--cache=a folder/{login}'").unwrap(), KubectlLogin::of(words));
    assert_eq!(login(" ").unwrap(), None, "set and empty is not set");
    for bad in ["kubectl 'oidc-login", "\"\" get-token"] {
        assert_eq!(variables(&login(bad).unwrap_err()), ["WAYMARK_KUBECTL_LOGIN"], "{bad}");
    }
}

#[test]
fn the_secret_of_webhooks_is_long_and_the_worker_knows_where_they_go() {
    let secret = "s".repeat(32);
    let work = |more: &[(&str, &str)]| {
        let mut vars = env(&[("DATABASE_URL", "postgres://localhost/waymark")]);
        vars.extend(env(more));
        WorkConfig::from_env(vars).map(|config| config.webhook)
    };
    assert!(work(&[("WAYMARK_PUBLIC_URL", "https://waymark.example")]).unwrap().is_none());
    let given = [("WAYMARK_PUBLIC_URL", "https://waymark.example"), ("WAYMARK_WEBHOOK_SECRET", secret.as_str())];
    assert_eq!(work(&given).unwrap().unwrap().url.as_str(), "https://waymark.example/webhooks/gitea");
    assert_eq!(variables(&work(&given[1..]).unwrap_err()), ["WAYMARK_PUBLIC_URL"]);
    let elsewhere = [("WAYMARK_PUBLIC_URL", "http://waymark.example"), given[1]];
    assert_eq!(variables(&work(&elsewhere).unwrap_err()), ["WAYMARK_PUBLIC_URL"]);
    let short = [given[0], ("WAYMARK_WEBHOOK_SECRET", &secret[1..])];
    assert_eq!(variables(&work(&short).unwrap_err()), ["WAYMARK_WEBHOOK_SECRET"]);
    let mut vars = complete();
    assert!(ServeConfig::from_env(vars.clone()).unwrap().webhook_secret.is_none());
    vars.insert("WAYMARK_WEBHOOK_SECRET".into(), secret[1..].into());
    assert_eq!(variables(&ServeConfig::from_env(vars).unwrap_err()), ["WAYMARK_WEBHOOK_SECRET"]);
}

#[test]
fn proxies_are_addresses_or_networks() {
    let serve = |text: &str| {
        let mut vars = complete();
        vars.insert("WAYMARK_TRUSTED_PROXIES".into(), text.into());
        ServeConfig::from_env(vars).map(|config| config.limits.trusted_proxies)
    };
    let proxies = serve("10.0.0.7, 10.1.0.0/16,2001:db8::/32").unwrap();
    for (address, expected) in
        [("10.0.0.7", true), ("10.0.0.8", false), ("10.1.255.1", true), ("2001:db8::1", true), ("::1", false)]
    {
        assert_eq!(proxies.contains(address.parse().unwrap()), expected, "{address}");
    }
    assert_eq!(serve("").unwrap(), TrustedProxies::default());
    for bad in ["proxy.example", "10.0.0.7:80", "10.0.0.0/33", "10.0.0.7,"] {
        assert_eq!(variables(&serve(bad).unwrap_err()), ["WAYMARK_TRUSTED_PROXIES"], "{bad}");
    }
}

#[test]
fn secrets_are_never_printed() {
    let mut vars = complete();
    vars.insert("WAYMARK_WEBHOOK_SECRET".into(), "canary".repeat(6));
    let printed = format!("{:?}", ServeConfig::from_env(vars.clone()).unwrap());
    assert!(!printed.contains("canary"), "{printed}");
    vars.insert("WAYMARK_PUBLIC_URL".into(), "https://waymark.example".into());
    let config = WorkConfig::from_env(vars).unwrap();
    let printed = format!("{config:?} {:?}", config.webhook.as_ref().unwrap().webhook());
    assert!(!printed.contains("canary"), "{printed}");
    let mut vars = complete();
    vars.insert("DATABASE_URL".into(), "mysql://canary".into());
    let problems = ServeConfig::from_env(vars).unwrap_err();
    assert!(!format!("{problems:?} {}", problems[0]).contains("canary"));
}
