//! Free ports, picked once and written down, so that two stacks can stand side by side.

use std::net::TcpListener;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// Below the range from which systems take ports for outgoing connections, which could otherwise occupy ours for a moment.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Every port of a stack, all on 127.0.0.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) web: u16,
    pub(crate) serve_ops: u16,
    pub(crate) work_ops: u16,
    pub(crate) postgres: u16,
    pub(crate) oidc: u16,
    #[serde(default)]
    pub(crate) gitea: u16,
    #[serde(default)]
    pub(crate) cluster: ClusterPorts,
}

/// The cluster's; a zero is a port that is not picked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClusterPorts {
    pub(crate) etcd: u16,
    pub(crate) etcd_peer: u16,
    pub(crate) api_server: u16,
    pub(crate) scheduler: u16,
    pub(crate) controller_manager: u16,
    pub(crate) kwok: u16,
    pub(crate) source: u16,
    pub(crate) source_metrics: u16,
    pub(crate) source_health: u16,
    pub(crate) kustomize_metrics: u16,
    pub(crate) kustomize_health: u16,
}

impl Ports {
    /// Keeps what was written down and is free, and picks the rest.
    ///
    /// `web` is what the person asked for: occupied, it is an error and never another port. `seed` spreads stacks over
    /// the range, so that two that start at once rarely look at the same port.
    pub(crate) fn settle(recorded: Option<&Self>, web: u16, seed: u64, free: impl Fn(u16) -> bool) -> Result<Self> {
        if !free(web) {
            return Err(Failure::world(format!(
                "Port {web} is used by another program. End it, or choose another with `--port`."
            )));
        }
        let mut picker = Picker { taken: vec![web], seed, free: &free };
        let before = recorded.filter(|ports| ports.web == web);
        let serve_ops = before.map(|ports| ports.serve_ops).or(web.checked_add(1));
        let work_ops = before.map(|ports| ports.work_ops).or(web.checked_add(2));
        Ok(Self {
            web,
            serve_ops: picker.pick(serve_ops)?,
            work_ops: picker.pick(work_ops)?,
            postgres: picker.pick(recorded.map(|ports| ports.postgres))?,
            oidc: picker.pick(recorded.map(|ports| ports.oidc))?,
            gitea: picker.pick(recorded.map(|ports| ports.gitea))?,
            cluster: ClusterPorts::settle(
                &recorded.map(|ports| ports.cluster.clone()).unwrap_or_default(),
                &mut picker,
            )?,
        })
    }
}

impl ClusterPorts {
    fn settle<F: Fn(u16) -> bool>(before: &Self, picker: &mut Picker<'_, F>) -> Result<Self> {
        Ok(Self {
            etcd: picker.pick(Some(before.etcd))?,
            etcd_peer: picker.pick(Some(before.etcd_peer))?,
            api_server: picker.pick(Some(before.api_server))?,
            scheduler: picker.pick(Some(before.scheduler))?,
            controller_manager: picker.pick(Some(before.controller_manager))?,
            kwok: picker.pick(Some(before.kwok))?,
            source: picker.pick(Some(before.source))?,
            source_metrics: picker.pick(Some(before.source_metrics))?,
            source_health: picker.pick(Some(before.source_health))?,
            kustomize_metrics: picker.pick(Some(before.kustomize_metrics))?,
            kustomize_health: picker.pick(Some(before.kustomize_health))?,
        })
    }
}

/// Whether nothing listens on the port of this machine's loopback address.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// A web port for a stack that nobody visits by hand, with its operations ports behind it.
pub(crate) fn unused_web() -> Result<u16> {
    let free = |port: &u16| (0..3).all(|offset| is_free(port + offset));
    (3100..9000).step_by(10).find(free).ok_or_else(|| Failure::world("No port between 3100 and 9000 is free."))
}

struct Picker<'a, F> {
    taken: Vec<u16>,
    seed: u64,
    free: &'a F,
}

impl<F: Fn(u16) -> bool> Picker<'_, F> {
    fn pick(&mut self, preferred: Option<u16>) -> Result<u16> {
        let width = u64::from(RANGE.end - RANGE.start);
        let start = u16::try_from(self.seed % width).unwrap_or_default() + RANGE.start;
        let candidates =
            preferred.filter(|port| *port != 0).into_iter().chain(start..RANGE.end).chain(RANGE.start..start);
        for port in candidates {
            if !self.taken.contains(&port) && (self.free)(port) {
                self.taken.push(port);
                return Ok(port);
            }
        }
        Err(Failure::world(format!("No port between {} and {} is free.", RANGE.start, RANGE.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_free(_: u16) -> bool {
        true
    }

    fn all_of(ports: &Ports) -> Vec<u16> {
        fn numbers(value: &serde_json::Value) -> Vec<u16> {
            match value {
                serde_json::Value::Object(fields) => fields.values().flat_map(numbers).collect(),
                number => vec![serde_json::from_value(number.clone()).unwrap()],
            }
        }
        numbers(&serde_json::to_value(ports).unwrap())
    }

    #[test]
    fn operations_follow_the_web_port_and_the_rest_is_distinct() {
        let ports = Ports::settle(None, 3000, 17, all_free).unwrap();
        assert_eq!((ports.web, ports.serve_ops, ports.work_ops), (3000, 3001, 3002));
        assert_eq!((ports.postgres, ports.oidc), (20_017, 20_018));
    }

    #[test]
    fn a_taken_operations_port_moves_and_a_taken_web_port_is_an_error() {
        let ports = Ports::settle(None, 3000, 0, |port| port != 3001).unwrap();
        assert_eq!((ports.serve_ops, ports.work_ops), (20_000, 3002));
        let failure = Ports::settle(None, 3000, 0, |port| port != 3000).unwrap_err();
        assert!(failure.to_string().contains("Port 3000 is used by another program."), "{failure}");
    }

    #[test]
    fn recorded_ports_stay_while_they_are_free() {
        let recorded = Ports { serve_ops: 3005, work_ops: 3006, ..Ports::settle(None, 3000, 5_000, all_free).unwrap() };
        assert_eq!(recorded.postgres, 25_000);
        assert_eq!(Ports::settle(Some(&recorded), 3000, 9, all_free).unwrap(), recorded);
        let moved = Ports::settle(Some(&recorded), 3000, 9, |port| port != 25_000).unwrap();
        assert_eq!(moved, Ports { postgres: 20_009, ..recorded });
    }

    #[test]
    fn another_web_port_moves_the_operations_ports_with_it() {
        let recorded = Ports::settle(None, 3000, 5_000, all_free).unwrap();
        let ports = Ports::settle(Some(&recorded), 4000, 9, all_free).unwrap();
        assert_eq!((ports.serve_ops, ports.work_ops, ports.postgres), (4001, 4002, 25_000));
    }

    #[test]
    fn two_stacks_on_neighbouring_ports_do_not_meet() {
        let first = Ports::settle(None, 3000, 1, all_free).unwrap();
        let held = all_of(&first);
        let second = Ports::settle(None, 3003, 1, |port| !held.contains(&port)).unwrap();
        for port in all_of(&second) {
            assert!(!held.contains(&port));
        }
    }

    #[test]
    fn a_record_from_before_the_cluster_gets_the_missing_ports() {
        let text = r#"{ "web": 3000, "serve_ops": 3001, "work_ops": 3002, "postgres": 25000, "oidc": 25001 }"#;
        let recorded: Ports = serde_json::from_str(text).unwrap();
        let ports = Ports::settle(Some(&recorded), 3000, 0, all_free).unwrap();
        let mut all = all_of(&ports);
        assert!(all.iter().all(|port| *port != 0));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 17);
    }

    #[test]
    fn the_search_goes_round_the_end_of_the_range() {
        let ports = Ports::settle(None, 3000, 11_999, all_free).unwrap();
        assert_eq!((ports.postgres, ports.oidc), (31_999, 20_000));
    }

    #[test]
    fn a_listener_makes_a_port_busy() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
