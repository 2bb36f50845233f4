//! `openDynamicDataConfig`: data that a card's template asks its application for.

use serde_json::Value;

use crate::openapi::Call;
use crate::words::Refusal;

const SHORTEST_INTERVAL_S: u64 = 3;

const UNITS: [(&str, u64); 4] = [("SECONDS", 1), ("MINUTES", 60), ("HOURS", 3_600), ("DAYS", 86_400)];

pub(super) fn check(call: &Call) -> Result<(), Refusal> {
    let Some(config) = call.body.get("openDynamicDataConfig").filter(|config| !config.is_null()) else {
        return Ok(());
    };
    let sources = config["dynamicDataSourceConfigs"].as_array().filter(|sources| !sources.is_empty());
    let sources = sources.ok_or_else(|| Refusal::api("param.dynamicDataMappingEmpty"))?;
    sources.iter().try_for_each(check_source)
}

fn check_source(source: &Value) -> Result<(), Refusal> {
    let text = |value: &Value| value.as_str().map(str::to_owned).filter(|text| !text.is_empty());
    let missing = |code: &'static str| move || Refusal::api(code);
    text(&source["dynamicDataSourceId"]).ok_or_else(missing("param.dynamicSourceIdEmpty"))?;
    let pull = Some(&source["pullConfig"]).filter(|pull| pull.is_object());
    let pull = pull.ok_or_else(missing("param.dynamicDataPullConfigEmpty"))?;
    let strategy = text(&pull["pullStrategy"]).ok_or_else(missing("param.dynamicDataSourcePullStrategyEmpty"))?;
    if strategy != "INTERVAL" {
        return Ok(());
    }
    let unit = UNITS.iter().find(|(name, _)| pull["timeUnit"] == *name);
    let (_, seconds) = unit.ok_or_else(missing("param.dynamicDataPullIntervalTimeUnitInvalid"))?;
    let interval = pull["interval"].as_u64().map(|interval| interval.saturating_mul(*seconds));
    let interval = interval.filter(|interval| *interval >= SHORTEST_INTERVAL_S);
    interval.map(|_| ()).ok_or_else(missing("param.dynamicDataPullIntervalInvalid"))
}
