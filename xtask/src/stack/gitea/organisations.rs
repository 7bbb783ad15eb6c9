//! The demo teams as organisations, each with one team whose members the identity provider's groups decide.

use serde_json::{Map, Value, json};

use super::api::Api;
use crate::failure::Result;

/// Groups of the local provider that are teams with repositories.
const TEAMS: [&str; 3] = ["payments", "search", "platform"];
/// The team of every organisation whose members may push.
const MEMBERS: &str = "developers";
const UNITS: [&str; 4] = ["repo.code", "repo.issues", "repo.pulls", "repo.releases"];

/// Makes organisations and teams where they are missing; what is there stays as it is.
pub(super) fn ensure(api: &Api) -> Result<()> {
    TEAMS.into_iter().try_for_each(|team| {
        ensure_organisation(api, team)?;
        ensure_members(api, team)
    })
}

/// Which group of the identity provider is which team, in the form of Gitea's login sources.
pub(super) fn group_map() -> Value {
    TEAMS.into_iter().map(|team| (team.to_owned(), json!({ team: [MEMBERS] }))).collect::<Map<_, _>>().into()
}

fn ensure_organisation(api: &Api, name: &str) -> Result<()> {
    let path = format!("/orgs/{name}");
    let known = api.get(&path)?;
    match known.status {
        200 => return Ok(()),
        404 => {}
        _ => return Err(known.unexpected(&path)),
    }
    // Private: outside the team not even the name is seen.
    let body = json!({"username": name, "visibility": "private", "repo_admin_change_team_access": false});
    let made = api.post("/orgs", &body)?;
    if made.status == 201 { Ok(()) } else { Err(made.unexpected("/orgs")) }
}

fn ensure_members(api: &Api, organisation: &str) -> Result<()> {
    let path = format!("/orgs/{organisation}/teams");
    let known = api.get(&path)?;
    if known.status != 200 {
        return Err(known.unexpected(&path));
    }
    if has_members_team(&known.body) {
        return Ok(());
    }
    let units: Map<_, _> = UNITS.into_iter().map(|unit| (unit.to_owned(), "write".into())).collect();
    let body = json!({
        "name": MEMBERS,
        "permission": "write",
        "units_map": units,
        "includes_all_repositories": true,
        "can_create_org_repo": false,
    });
    let made = api.post(&path, &body)?;
    if made.status == 201 { Ok(()) } else { Err(made.unexpected(&path)) }
}

fn has_members_team(teams: &Value) -> bool {
    teams.as_array().is_some_and(|teams| teams.iter().any(|team| team["name"] == MEMBERS))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A host that remembers what is made on it; answers the address and the list of what was asked.
    fn host() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut made: Vec<String> = Vec::new();
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let (line, body) = request(&mut stream);
                let (status, answer) = answer(&line, &body, &mut made);
                log.lock().unwrap().push(line);
                let length = answer.len();
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                stream.get_mut().write_all(format!("{head}{answer}").as_bytes()).unwrap();
            }
        });
        (url, asked)
    }

    fn request(stream: &mut BufReader<std::net::TcpStream>) -> (String, Value) {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_lowercase());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        assert!(head.contains(&"authorization: token t".to_owned()), "{head:?}");
        (head[0].trim_end_matches(" http/1.1").to_owned(), serde_json::from_slice(&body).unwrap_or_default())
    }

    fn answer(line: &str, body: &Value, made: &mut Vec<String>) -> (u16, String) {
        let known = |made: &[String], path: &str| made.iter().any(|there| there == path);
        let (method, path) = line.split_once(' ').unwrap();
        match (method, path.ends_with("/teams")) {
            ("get", false) => (if known(made, path) { 200 } else { 404 }, "{}".into()),
            ("get", true) => (200, json!([{"name": if known(made, path) { MEMBERS } else { "Owners" }}]).to_string()),
            (_, team) => {
                let name = body["username"].as_str().unwrap_or_default();
                made.push(if team { path.to_owned() } else { format!("{path}/{name}") });
                (201, "{}".into())
            }
        }
    }

    #[test]
    fn the_second_start_makes_nothing() {
        let (url, asked) = host();
        let api = Api::new(&url, "t");
        let posts = || asked.lock().unwrap().iter().filter(|line| line.starts_with("post ")).count();
        ensure(&api).unwrap();
        assert_eq!(posts(), 2 * TEAMS.len());
        ensure(&api).unwrap();
        assert_eq!(posts(), 2 * TEAMS.len());
    }

    #[test]
    fn every_organisation_follows_the_group_of_its_name() {
        let map = group_map();
        assert_eq!(map["payments"], json!({"payments": ["developers"]}));
        assert_eq!(map.as_object().unwrap().len(), TEAMS.len());
    }
}
