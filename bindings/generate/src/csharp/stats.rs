//! `ClientStats`: one property for each number.

use dingstream::stats::{STATS, StatSpec};

use super::{source, summary};
use crate::File;
use crate::names::pascal;

pub(super) fn file() -> File {
    let reads: String = STATS
        .iter()
        .map(|stat| format!("            {} = told.Int(\"/{}\") ?? 0;\n", pascal(stat.name), stat.name))
        .collect();
    let properties: String = STATS.iter().map(property).collect();
    let about = "What a client has counted since it was made, then what it held at the moment when it was asked.";
    let class = format!(
        "{}    public sealed class ClientStats
    {{
        internal ClientStats(Json told)
        {{
{reads}        }}
{properties}    }}
",
        summary(4, about)
    );
    source("ClientStats", &[], &[class])
}

fn property(stat: &StatSpec) -> String {
    format!("\n{}        public long {} {{ get; }}\n", summary(8, stat.doc), pascal(stat.name))
}
