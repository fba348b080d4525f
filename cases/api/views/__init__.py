"""The endpoints, by what they are about; each module fills the one router of `cases.api.instance`."""
