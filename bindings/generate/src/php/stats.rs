//! `Client::stats`: the numbers by their names, with the shape of the array for those who check types.

use dingstream::stats::STATS;

use super::{block, file, fill, prose};
use crate::File;

pub(super) fn stats() -> File {
    let numbers: Vec<String> =
        STATS.iter().map(|stat| fill(&format!("- `{}`: {}", stat.name, prose(stat.doc)), "  ")).collect();
    let shape: String = STATS.iter().map(|stat| format!("    {}: int,\n", stat.name)).collect();
    let about = "What the client has counted since it was made, then what it holds at the moment. It costs little and may \
                 be asked for whenever you like.";

    let mut body = block("", &["The numbers of a client.", "@internal"]);
    body += "trait Stats\n{\n";
    body += &block("    ", &[about, &numbers.join("\n"), &format!("@return array{{\n{shape}}}")]);
    body += "    public function stats(): array\n    {\n";
    body += "        return $this->hub->native->told('client_stats', $this->handle);\n    }\n}\n";
    file("Internal/Stats", &[], &body)
}
