import { Place } from './generated/kinds.js'

/** A text that shows as it stands, whatever signs it holds. */
export function escapeMarkdown(text: string): string
/** A mention as a text shows it, by mobile number or user id; the message's mentions make it one. */
export function mention(who: string): string
/** An image by its URL or media id. */
export function imageMarkdown(photo: string): string
/** The address that opens `url` in DingTalk's side panel, or in the browser; for links of any message. */
export function linkTo(url: string, place?: Place): string
/** Turns what DingTalk does not render into what it does: tables into lists, fenced code into quotes. */
export function fitMarkdown(text: string): string
/**
 * Cuts a long text into parts of at most `bytes` of UTF-8 (64 or more), at its structure where it can. A fence that is cut is
 * closed and opened again.
 */
export function splitMarkdown(text: string, bytes: number): string[]
