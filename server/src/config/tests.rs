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
fn secrets_are_never_printed() {
    let printed = format!("{:?}", ServeConfig::from_env(complete()).unwrap());
    assert!(!printed.contains("canary"), "{printed}");
    let mut vars = complete();
    vars.insert("DATABASE_URL".into(), "mysql://canary".into());
    let problems = ServeConfig::from_env(vars).unwrap_err();
    assert!(!format!("{problems:?} {}", problems[0]).contains("canary"));
}
