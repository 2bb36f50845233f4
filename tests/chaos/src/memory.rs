//! What the process takes.

/// Resident memory in KiB, as Linux tells it.
pub(crate) fn resident_kib() -> Result<u64, String> {
    const PAGE_KIB: u64 = 4;
    let statm = std::fs::read_to_string("/proc/self/statm").map_err(|error| error.to_string())?;
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.map(|pages| pages * PAGE_KIB).ok_or_else(|| format!("{statm:?} does not tell the resident memory"))
}
