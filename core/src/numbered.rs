//! Enums whose numbers and names are promises to other languages.

/// Writes such an enum: the type, its names and numbers, and the table for those who write the constants of other languages.
macro_rules! numbered {
    (
        $(#[doc = $type_doc:literal])+ enum $type:ident;
        $(#[doc = $table_doc:literal])+ const $table:ident;
        $($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)+
    ) => {
        $(#[doc = $type_doc])+
        #[repr(u32)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl $type {
            /// Lower-case name, the same in every language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The one with this number.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }

        $(#[doc = $table_doc])+
        pub const $table: &[(&str, u32, &str)] = &[$(($name, $number, concat!($($doc, "\n"),+).trim_ascii()),)+];
    };
}

pub(crate) use numbered;
