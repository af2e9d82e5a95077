"""The tables of the organisations, one file per noun."""

from firms.models.certificates import Certificate
from firms.models.claims import Claim
from firms.models.clusters import Cluster, ClusterFilling, ClusterMembership, ClusterRule
from firms.models.counts import CountedGroup, FirmCount
from firms.models.duplicates import Duplicate, DuplicateSearch
from firms.models.edits import HARMLESS, PROPOSABLE, ProposedEdit, ProposedValue
from firms.models.imports import ImportLine, ImportProgress, RegistryImport
from firms.models.industries import Industry
from firms.models.laboratories import Laboratory, LaboratoryCluster
from firms.models.members import Membership
from firms.models.organisations import Organisation
from firms.models.search import FacetTotal, SearchEntry
from firms.models.subdistricts import Subdistrict
from firms.models.verifications import Verification
from firms.models.yearly_figures import AMOUNTS, MEASURES, YearlyFigure

__all__ = [
    "AMOUNTS",
    "HARMLESS",
    "MEASURES",
    "PROPOSABLE",
    "Certificate",
    "Claim",
    "Cluster",
    "ClusterFilling",
    "ClusterMembership",
    "ClusterRule",
    "CountedGroup",
    "Duplicate",
    "DuplicateSearch",
    "FacetTotal",
    "FirmCount",
    "ImportLine",
    "ImportProgress",
    "Industry",
    "Laboratory",
    "LaboratoryCluster",
    "Membership",
    "Organisation",
    "ProposedEdit",
    "ProposedValue",
    "RegistryImport",
    "SearchEntry",
    "Subdistrict",
    "Verification",
    "YearlyFigure",
]
