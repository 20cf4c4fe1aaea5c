//! The time zones that can be chosen: those of the IANA database that are named after places. Must not know
//! whose choice it is.

use std::sync::LazyLock;

use jiff::tz::{self, TimeZone};
use minijinja::{Value, context};

/// The areas, each with the text that names it.
const AREAS: [(&str, &str); 9] = [
    ("Africa", "zone-africa"),
    ("America", "zone-america"),
    ("Antarctica", "zone-antarctica"),
    ("Asia", "zone-asia"),
    ("Atlantic", "zone-atlantic"),
    ("Australia", "zone-australia"),
    ("Europe", "zone-europe"),
    ("Indian", "zone-indian"),
    ("Pacific", "zone-pacific"),
];

/// The names of the zones of one area, in order, and the text that names the area.
struct Area {
    text: &'static str,
    zones: Vec<Zone>,
}

struct Zone {
    name: String,
    place: String,
}

static ALL: LazyLock<Vec<Area>> = LazyLock::new(|| AREAS.map(Area::of).into());

impl Area {
    fn of((area, text): (&str, &'static str)) -> Self {
        let zone = |name: &str| {
            let place = name.strip_prefix(area)?.strip_prefix('/')?;
            Some(Zone { name: name.to_owned(), place: in_words(place) })
        };
        let names = tz::db().available();
        let mut zones: Vec<_> = names.filter_map(|name| zone(name.as_str())).collect();
        zones.sort_by(|one, other| one.place.cmp(&other.place));
        Self { text, zones }
    }
}

/// `Argentina, Buenos Aires` for `Argentina/Buenos_Aires`.
fn in_words(place: &str) -> String {
    place.replace('/', ", ").replace('_', " ")
}

/// All zones by area, as the page shows them, with the one that was chosen.
pub(super) fn value(chosen: Option<&TimeZone>) -> Value {
    let chosen = chosen.and_then(TimeZone::iana_name);
    let zone = |zone: &Zone| {
        let (name, place) = (zone.name.as_str(), zone.place.as_str());
        context! { name => name, place => place, chosen => chosen == Some(name) }
    };
    let area = |area: &Area| {
        context! { text => area.text, zones => area.zones.iter().map(zone).collect::<Value>() }
    };
    ALL.iter().map(area).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_zones_and_each_can_be_chosen() {
        for area in ALL.iter() {
            assert!(area.zones.len() > 5, "{}", area.text);
            for zone in &area.zones {
                assert!(TimeZone::get(&zone.name).is_ok(), "{}", zone.name);
            }
        }
    }
}
