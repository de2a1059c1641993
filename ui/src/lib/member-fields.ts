// The fields of a member in words, for every screen.

import type { MemberField } from "../bindings/types";
import { m } from "../paraglide/messages.js";

/** Exhaustive: a new field does not compile here until it has its name. */
export const FIELDS: Record<MemberField, () => string> = {
  external_id: m.member_field_external_id,
  first_name: m.member_field_first_name,
  last_name: m.member_field_last_name,
  full_name: m.member_field_full_name,
  irish_first_name: m.member_field_irish_first_name,
  irish_last_name: m.member_field_irish_last_name,
  date_of_birth: m.member_field_date_of_birth,
  gender: m.member_field_gender,
  email: m.member_field_email,
  phone: m.member_field_phone,
  address_line_1: m.member_field_address_line_1,
  address_line_2: m.member_field_address_line_2,
  town: m.member_field_town,
  county: m.member_field_county,
  postcode: m.member_field_postcode,
  membership_type: m.member_field_membership_type,
  status: m.member_field_status,
  joined_on: m.member_field_joined_on,
  guardian_name: m.member_field_guardian_name,
  guardian_email: m.member_field_guardian_email,
  guardian_phone: m.member_field_guardian_phone,
  medical_notes: m.member_field_medical_notes,
};
